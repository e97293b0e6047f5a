// One loop's idle connections to upstreams, by origin and by what its address was checked for.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "http/client.h"
#include "http/proxy.h"
#include "http/response_parser.h"
#include "http/url.h"
#include "io/address.h"
#include "io/deadline.h"
#include "io/event.h"
#include "io/stream.h"

namespace patchbay::http {

struct ClientConnection {
  explicit ClientConnection(io::Socket socket) : stream(std::move(socket)) {}

  io::Stream stream;
  ResponseParser parser;
  // Bytes read and not yet taken: buffer[begin, end).
  std::unique_ptr<char[]> buffer;
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t capacity = 0;
  bool reused = false;
  std::chrono::steady_clock::time_point idle_since{};
};

// One look-up of a name, for all requests that want it at the time.
struct LookUp {
  std::optional<Result<std::vector<boost::asio::ip::address>>> found;
  std::vector<std::shared_ptr<io::Event>> waiting;
  bool is_over = false;
};

// A connection that one request was allowed to make must not serve another that was not: the
// address rules are part of the key.
struct PoolKey {
  Origin origin;
  io::AddressRules rules;
  Proxy proxy;  // no host: straight there
  bool operator==(const PoolKey&) const = default;
};
struct PoolKeyHash {
  std::size_t operator()(const PoolKey& key) const;
};

class ClientPool {
 public:
  ClientPool(io::Loop& loop, const ClientOptions& options);

  // A connection that looks alive, the last used first; or null.
  std::unique_ptr<ClientConnection> take(const PoolKey& key);
  // Keeps it, if there is room.
  void give_back(const PoolKey& key, std::unique_ptr<ClientConnection> connection);
  // Look-ups under way, by host.
  std::unordered_map<std::string, std::shared_ptr<LookUp>>& look_ups() { return look_ups_; }
  // Closes all; what is given back later is closed too.
  void shut_down();

 private:
  void close_old();

  const std::size_t max_idle_;
  const std::chrono::milliseconds idle_timeout_;
  std::unordered_map<PoolKey, std::vector<std::unique_ptr<ClientConnection>>, PoolKeyHash> idle_;
  std::unordered_map<std::string, std::shared_ptr<LookUp>> look_ups_;
  io::Deadline sweep_;
  bool shut_down_ = false;
};

}  // namespace patchbay::http
