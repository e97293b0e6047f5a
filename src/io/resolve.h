// Names to addresses, off the event loop.
#pragma once

#include <string>
#include <vector>

#include <boost/asio/ip/address.hpp>

#include "base/error.h"
#include "io/runtime.h"

namespace patchbay::io {

// The system resolver's answer in its order. Numeric addresses need no look-up. Errors: not_found
// (no such name), unavailable (the resolver does not answer). The look-up itself cannot be
// cancelled; whoever has a deadline waits with a Wakeup.
Result<std::vector<boost::asio::ip::address>> resolve_blocking(const std::string& host);

}  // namespace patchbay::io
