#include "http/client_pool.h"

#include <algorithm>
#include <functional>

namespace patchbay::http {

std::size_t PoolKeyHash::operator()(const PoolKey& key) const {
  std::size_t extra = static_cast<std::size_t>(key.origin.port) << 3 |
                      static_cast<std::size_t>(key.origin.secure) << 2 |
                      static_cast<std::size_t>(key.rules.allow_private) << 1 |
                      static_cast<std::size_t>(key.rules.allow_loopback);
  return std::hash<std::string_view>()(key.origin.host) ^ extra * 0x9e3779b97f4a7c15u;
}

ClientPool::ClientPool(io::Loop& loop, const ClientOptions& options)
    : max_idle_(options.max_idle_per_origin),
      idle_timeout_(options.idle_timeout),
      sweep_(loop, [this] { close_old(); }) {}

std::unique_ptr<ClientConnection> ClientPool::take(const PoolKey& key) {
  auto found = idle_.find(key);
  if (found == idle_.end()) return nullptr;
  auto& connections = found->second;
  while (!connections.empty()) {
    auto connection = std::move(connections.back());
    connections.pop_back();
    // Anything but silence means that the other side has closed it, or speaks out of turn.
    if (connection->stream.peek() == io::Stream::Peer::quiet) {
      connection->reused = true;
      return connection;
    }
  }
  return nullptr;
}

void ClientPool::give_back(const PoolKey& key, std::unique_ptr<ClientConnection> connection) {
  if (shut_down_ || max_idle_ == 0) return;
  auto& connections = idle_[key];
  if (connections.size() >= max_idle_) return;
  connection->idle_since = std::chrono::steady_clock::now();
  connections.push_back(std::move(connection));
  if (!sweep_.armed()) sweep_.expires_after(idle_timeout_);
}

void ClientPool::shut_down() {
  shut_down_ = true;
  idle_.clear();
  sweep_.clear();
}

void ClientPool::close_old() {
  auto now = std::chrono::steady_clock::now();
  auto oldest = now;
  for (auto entry = idle_.begin(); entry != idle_.end();) {
    auto& connections = entry->second;
    // The last used stand at the end.
    auto young = std::ranges::find_if(connections, [&](const auto& connection) {
      return now - connection->idle_since < idle_timeout_;
    });
    connections.erase(connections.begin(), young);
    if (connections.empty()) {
      entry = idle_.erase(entry);
    } else {
      oldest = std::min(oldest, connections.front()->idle_since);
      ++entry;
    }
  }
  if (!idle_.empty()) sweep_.expires_at(oldest + idle_timeout_);
}

}  // namespace patchbay::http
