// The cookie that holds a dashboard session's secret, and what a request that comes with it must
// show: that a page of this server sent it, and no other page that the same browser has open.
//
// SameSite=Strict keeps the cookie from other sites. To a browser another port of the same host is
// the same site, so a request that changes something must carry a header that no form can send
// (another origin's script would have to ask first, and nobody answers), and an Origin, where there
// is one, that is this server's.
#pragma once

#include <string>
#include <string_view>

#include "http/message.h"

namespace patchbay::admin {

inline constexpr std::string_view kSessionHeader = "X-Patchbay-Session";

// Whether the browser speaks TLS: to this server, or to a proxy before it.
bool is_secure(const http::Request& request, std::string_view public_url);

// Its value; empty if there is not exactly one.
std::string_view session_cookie(const http::Request& request, bool secure);
// Of Set-Cookie. Without a secret: it goes. Behind TLS its name begins with "__Host-", which
// browsers take from nobody but this very host.
std::string set_cookie(std::string_view secret, bool secure);

// A page of another origin sent it. Where the browser says nothing of it: false.
bool is_of_another_origin(const http::Request& request, std::string_view public_url);
// A request by cookie that may change something and does not show where it comes from.
bool may_be_forged(const http::Request& request, std::string_view public_url);

}  // namespace patchbay::admin
