// All that the call path needs to know, in one immutable object. The control plane makes a new one
// when something changes and swaps it in atomically; a request keeps the one that it began with.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/clock.h"
#include "catalog/tool.h"
#include "upstream/account.h"
#include "vault/token.h"

namespace patchbay::control {

struct ApiToken {
  std::string id;
  std::string environment_id;  // empty: the whole instance
  std::optional<WallTime> expires_at;
};

// An MCP server as the call path sees it.
struct McpServer {
  std::string id;
  std::string name;
  std::string environment_id;
  std::shared_ptr<const upstream::Account> account;
  std::shared_ptr<const catalog::Toolset> toolset;
  bool require_api_token_auth = false;
  bool wait_on_rate_limit = false;
  std::size_t max_result_bytes = 100'000;
  std::optional<WallTime> expires_at;
};

class Snapshot {
 public:
  // Null when unknown. Expiry is the caller's to check, against its clock.
  std::shared_ptr<const McpServer> find_server(const vault::TokenHash& hash) const;
  const ApiToken* find_api_token(const vault::TokenHash& hash) const;

 private:
  friend class ControlPlane;
  std::unordered_map<vault::TokenHash, std::shared_ptr<const McpServer>, vault::TokenHashHasher>
      servers_;
  std::unordered_map<vault::TokenHash, ApiToken, vault::TokenHashHasher> api_tokens_;
};

// Where the current snapshot lies. Reading is one atomic load of a counter in the usual case: each
// loop keeps its own copy of the pointer and looks again only when the counter has moved.
class SnapshotHolder {
 public:
  explicit SnapshotHolder(std::size_t loops);
  // Only on the loop of that index.
  const std::shared_ptr<const Snapshot>& get(std::size_t loop_index) const;
  void set(std::shared_ptr<const Snapshot> snapshot);

 private:
  struct alignas(64) PerLoop {
    std::uint64_t generation = 0;
    std::shared_ptr<const Snapshot> snapshot;
  };
  mutable std::unique_ptr<PerLoop[]> per_loop_;
  std::atomic<std::uint64_t> generation_{0};
  std::atomic<std::shared_ptr<const Snapshot>> current_;
};

}  // namespace patchbay::control
