// Where a redirect may be followed to. The address is taken from it and nothing else: a request
// goes to the account's own origin in any case, and so do its credentials.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gateway/call/call.h"
#include "upstream/account.h"

namespace patchbay::gateway {

// At most so many, one after the other (RFC 9110 section 15.4 asks for a bound and names none).
inline constexpr int kMaxRedirects = 3;

// The request that the answer to `sent`, which went to `sent_to` (from the root), asks for.
// Nothing: it is no redirect, or none to follow.
//
// 307 and 308 say that nothing was done: the same again, at an address of the same host that ends
// in the same, so that no other record is written to. A GET follows the others too. 303, and 302 to
// a POST, may say that the deed is done and where its record is: that is read, if it lies below the
// API's own path. A delete leaves no record to read.
std::optional<upstream::Request> follow(const Call& call, const upstream::Request& sent,
                                        std::string_view sent_to, const upstream::Answer& answer);

// Where a request goes, from the root and without its query.
std::string path_of(const Call& call, const upstream::Request& request);

}  // namespace patchbay::gateway
