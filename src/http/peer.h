// Who is at the other end of a connection, and who counts as the same.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/ip_address.h"
#include "http/message.h"
#include "io/stream.h"

namespace patchbay::http {

// The address of the other end, without a zone; of a mapped one (::ffff:192.0.2.7) the IPv4
// address. "": it is gone.
std::string peer_of(const io::Socket& socket);

bool is_one_of(std::string_view address, std::span<const IpRange> ranges);

// The client that a trusted proxy speaks for: the last address of X-Forwarded-For that is no
// trusted proxy's itself, since whatever stands before it was written by somebody else. Without the
// header, or where it names none but proxies, the first of these. Nothing: where an address should
// stand, there is none. Of a peer that is not trusted nobody asks. `Forwarded` (RFC 7239) is not
// read: a proxy that writes only one of the two passes the other on as its client wrote it.
std::optional<std::string> forwarded_client(std::string_view proxy, const Headers& headers,
                                            std::span<const IpRange> trusted);

// Whose address it is, for what one client may hold: of IPv6 its /64, since whoever has one address
// of it has them all ("2001:db8:1:2::/64"); any other text as it is.
std::string network_of(std::string_view address);

}  // namespace patchbay::http
