#include "io/resolve.h"

#include <cstring>
#include <memory>

#include <boost/asio/ip/basic_endpoint.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <netdb.h>
#include <sys/socket.h>

namespace patchbay::io {

Result<std::vector<boost::asio::ip::address>> resolve_blocking(const std::string& host) {
  addrinfo wanted{};
  wanted.ai_family = AF_UNSPEC;
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = AI_ADDRCONFIG;
  addrinfo* found = nullptr;
  int failure = ::getaddrinfo(host.c_str(), nullptr, &wanted, &found);
  std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, &::freeaddrinfo);
  if (failure == EAI_NONAME || failure == EAI_NODATA) {
    return fail(ErrorCode::not_found, "The host name '" + host + "' does not exist.",
                "Check the spelling of the host name.");
  }
  if (failure != 0) {
    return fail(ErrorCode::unavailable, "The host name '" + host + "' could not be resolved: " +
                                            ::gai_strerror(failure) + ".");
  }
  std::vector<boost::asio::ip::address> addresses;
  for (const addrinfo* entry = found; entry; entry = entry->ai_next) {
    boost::asio::ip::tcp::endpoint endpoint;
    if (entry->ai_addrlen > endpoint.capacity()) continue;
    std::memcpy(endpoint.data(), entry->ai_addr, entry->ai_addrlen);
    endpoint.resize(entry->ai_addrlen);
    addresses.push_back(endpoint.address());
  }
  if (addresses.empty()) {
    return fail(ErrorCode::not_found, "The host name '" + host + "' has no address.");
  }
  return addresses;
}

}  // namespace patchbay::io
