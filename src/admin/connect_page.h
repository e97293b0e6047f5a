// The pages by which a person connects an integrated account: what a link is for, the way to the
// authorization server, and the way back (control/connect.h). Without a token, a session, or a
// script.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "control/connect.h"
#include "http/router.h"
#include "http/server.h"
#include "io/runtime.h"

namespace patchbay::admin {

// Where authorization servers send browsers back to, below the public address. Whoever registers
// Patchbay with one names it there.
inline constexpr std::string_view kConnectCallback = "/oauth/callback";

// Told of an account that was connected, by whose link.
using ConnectedBy = std::function<void(std::string_view token_id, std::string_view path)>;

// All outlive the router.
void add_connect_pages(http::Router& router, io::Runtime& runtime,
                       control::Connections& connections, std::string public_url,
                       ConnectedBy connected);
// Of a request whose body is to be read: nothing if it is none of these pages'.
std::optional<http::BodyVerdict> judge_connect_form(const control::Connections& connections,
                                                    const http::Request& request);

}  // namespace patchbay::admin
