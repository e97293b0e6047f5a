// Who is at the other end of a connection, and who counts as the same.
#pragma once

#include <string>
#include <string_view>

#include "io/stream.h"

namespace patchbay::http {

// The address of the other end; of a mapped one (::ffff:192.0.2.7) the IPv4 address. "": it is
// gone.
std::string peer_of(const io::Socket& socket);

// Whose address it is, for what one client may hold: of IPv6 its /64, since whoever has one address
// of it has them all ("2001:db8:1:2::/64"); any other text as it is.
std::string network_of(std::string_view address);

}  // namespace patchbay::http
