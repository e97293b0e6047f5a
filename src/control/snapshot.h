// What this node has in memory of MCP servers and API tokens, for the call path, in one immutable
// object. The control plane makes a new one when something changes or was read, and swaps it in
// atomically; a request keeps the one that it began with. What is not in it is unknown here, and is
// read before anybody is refused for it (control_plane.h, read_mcp_server).
//
// The tables are cut into 256 shards by the first byte of the token's hash (which is uniform). A
// new snapshot shares all shards with the old one but those that changed: minting one server among
// 10,000 copies some 40 entries, not 10,000.
#pragma once

#include <array>
#include <atomic>
#include <bitset>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "base/ip_address.h"
#include "base/mutex.h"
#include "catalog/tool.h"
#include "control/approval_rules.h"
#include "control/quota.h"
#include "control/token_scope.h"
#include "control/trust.h"
#include "reach/reach.h"
#include "store/records.h"
#include "upstream/account.h"
#include "vault/token.h"

namespace patchbay::control {

// How a server is used at this moment: who decides what leaves the memory asks for it. And what was
// counted of it since somebody took that away to keep it.
class Use {
 public:
  // `epoch`: SnapshotHolder's.
  void note(std::uint32_t epoch) {
    if (last_.load(std::memory_order_relaxed) != epoch) {
      last_.store(epoch, std::memory_order_relaxed);
    }
  }
  std::uint32_t last() const { return last_.load(std::memory_order_relaxed); }
  void begin() { ++running_; }
  void end() { --running_; }
  bool running() const { return running_ > 0; }

  void let_in() {
    if (!came_.load(std::memory_order_relaxed)) came_.store(true, std::memory_order_relaxed);
  }
  void called(bool failed) {
    calls_.fetch_add(1, std::memory_order_relaxed);
    if (failed) errors_.fetch_add(1, std::memory_order_relaxed);
  }
  struct Since {
    bool came = false;
    std::uint32_t calls = 0;
    std::uint32_t errors = 0;
  };
  bool is_some() const {
    return came_.load(std::memory_order_relaxed) || calls_.load(std::memory_order_relaxed) != 0;
  }
  Since take() {
    return {
        .came = came_.exchange(false), .calls = calls_.exchange(0), .errors = errors_.exchange(0)};
  }

 private:
  std::atomic<std::uint32_t> last_ = 0;
  std::atomic<std::uint32_t> running_ = 0;
  std::atomic<std::uint32_t> calls_ = 0;
  std::atomic<std::uint32_t> errors_ = 0;
  std::atomic<bool> came_ = false;
};

struct ApiToken {
  std::string id;
  std::string environment_id;  // empty: the whole instance
  std::optional<WallTime> expires_at;
  TokenScope scope = {};
  std::shared_ptr<Use> use = {};
};

// An MCP server as the call path sees it.
struct McpServer {
  std::string id;
  std::string name;
  std::string environment_id;
  // What its calls are made with: the account's own connection, or that of the member whose it is.
  std::shared_ptr<const upstream::Account> account;
  std::shared_ptr<const upstream::Account> base;   // the account's own
  std::shared_ptr<const upstream::Member> member;  // who "me" is; null: nobody
  std::shared_ptr<const catalog::Toolset> toolset;
  bool paused = false;
  std::vector<IpRange> ip_allow;  // empty: from anywhere
  bool require_api_token_auth = false;
  bool wait_on_rate_limit = false;
  bool structured_output = false;                       // outputSchema and structuredContent
  bool confirm_writes = false;                          // deleting asks first
  std::shared_ptr<const ApprovalRules> approvals = {};  // null: nothing waits for a yes
  std::shared_ptr<const reach::Reach> reach;            // what it is held to; null: nothing
  std::size_t max_result_bytes = 30'000;
  std::size_t max_file_bytes = 100'000;  // of a file that is no text, in base64
  std::optional<WallTime> expires_at;
  std::optional<store::PreviousToken> previous;        // that opens it as well, until it is over
  std::shared_ptr<QuotaMeter> quota;                   // null: no bound
  std::shared_ptr<Use> use = std::make_shared<Use>();  // also of what it was before a change

  // Whether that token, by which it was found, opens it at that time.
  bool opens_by(const vault::TokenHash& hash, WallTime now) const {
    return !previous || hash != previous->hash || now < previous->expires_at;
  }
  bool allows(const std::optional<IpAddress>& address) const;
  // How many tools its clients list. One more tells what became of an approval; where tools are
  // found by search, so is that one.
  std::size_t listed_count() const {
    const bool all = toolset->exposure() == catalog::Exposure::all;
    return toolset->listed_count() + (all && approvals ? 1 : 0);
  }
};

class Snapshot {
 public:
  // Null when unknown. Expiry is the caller's to check, against its clock.
  std::shared_ptr<const McpServer> find_server(const vault::TokenHash& hash) const;
  const ApiToken* find_api_token(const vault::TokenHash& hash) const;

 private:
  friend class SnapshotEditor;
  static constexpr std::size_t kShards = 256;
  template <class T>
  using Shard = std::unordered_map<vault::TokenHash, T, vault::TokenHashHasher>;
  template <class T>
  using Table = std::array<std::shared_ptr<const Shard<T>>, kShards>;  // null: empty

  Table<std::shared_ptr<const McpServer>> servers_;
  Table<ApiToken> api_tokens_;
};

// Makes the next snapshot out of the present one.
class SnapshotEditor {
 public:
  // `base` may be null: from nothing.
  explicit SnapshotEditor(const std::shared_ptr<const Snapshot>& base);

  void put(const vault::TokenHash& hash, std::shared_ptr<const McpServer> server);
  void put(const vault::TokenHash& hash, ApiToken token);
  void erase_server(const vault::TokenHash& hash);
  void erase_api_token(const vault::TokenHash& hash);

  // The editor is spent afterwards.
  std::shared_ptr<const Snapshot> finish();

 private:
  // The shard that the hash belongs to, made this editor's own first.
  template <class T>
  Snapshot::Shard<T>& own_shard(Snapshot::Table<T>& table, std::bitset<Snapshot::kShards>& owned,
                                const vault::TokenHash& hash);

  std::shared_ptr<Snapshot> next_;
  std::bitset<Snapshot::kShards> owned_servers_;
  std::bitset<Snapshot::kShards> owned_tokens_;
};

// Where the current snapshot lies. Reading is one atomic load of a counter in the usual case: each
// loop keeps its own copy of the pointer and looks again only when the counter has moved.
// (std::atomic<std::shared_ptr> of libstdc++ 12 is a data race to ThreadSanitizer, and no faster.)
class SnapshotHolder {
 public:
  explicit SnapshotHolder(std::size_t loops);
  // Only on the loop of that index. Copy the pointer before the next suspension.
  const std::shared_ptr<const Snapshot>& get(std::size_t loop_index) const;
  // On any thread.
  std::shared_ptr<const Snapshot> current() const;
  // `more`: it only has more in it than the one before, of which nothing changed.
  enum class Next : std::uint8_t { changed, more };
  void set(std::shared_ptr<const Snapshot> snapshot, Next next = Next::changed);
  // Called after each set() of a change, on the thread of whoever changed something; must not
  // block. Before the first change that it is to see.
  void on_change(std::function<void()> callback);

  // Counts what was read into memory: what was used at a later count was used later.
  std::uint32_t epoch() const { return epoch_.load(std::memory_order_relaxed); }
  // Whether what is in it may be gone by (trust.h).
  Trust trust;

 private:
  struct alignas(64) PerLoop {
    std::uint64_t generation = 0;
    std::shared_ptr<const Snapshot> snapshot;
  };
  std::size_t loops_;
  mutable std::unique_ptr<PerLoop[]> per_loop_;
  std::atomic<std::uint64_t> generation_{1};
  std::atomic<std::uint32_t> epoch_{1};
  mutable Mutex mutex_;
  std::shared_ptr<const Snapshot> current_ PATCHBAY_GUARDED_BY(mutex_);
  std::function<void()> callback_ PATCHBAY_GUARDED_BY(mutex_);
};

}  // namespace patchbay::control
