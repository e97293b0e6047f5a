#include "control/snapshot.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace patchbay::control {
namespace {

std::size_t shard_of(const vault::TokenHash& hash) {
  return hash.bytes[0];
}

}  // namespace

bool McpServer::allows(const std::optional<IpAddress>& address) const {
  if (ip_allow.empty()) return true;
  return address && std::ranges::any_of(
                        ip_allow, [&](const IpRange& range) { return range.contains(*address); });
}

std::shared_ptr<const McpServer> Snapshot::find_server(const vault::TokenHash& hash) const {
  const auto& shard = servers_[shard_of(hash)];
  if (!shard) return nullptr;
  const auto found = shard->find(hash);
  return found == shard->end() ? nullptr : found->second;
}

const ApiToken* Snapshot::find_api_token(const vault::TokenHash& hash) const {
  const auto& shard = api_tokens_[shard_of(hash)];
  if (!shard) return nullptr;
  const auto found = shard->find(hash);
  return found == shard->end() ? nullptr : &found->second;
}

SnapshotEditor::SnapshotEditor(const std::shared_ptr<const Snapshot>& base)
    : next_(base ? std::make_shared<Snapshot>(*base) : std::make_shared<Snapshot>()) {}

template <class T>
Snapshot::Shard<T>& SnapshotEditor::own_shard(Snapshot::Table<T>& table,
                                              std::bitset<Snapshot::kShards>& owned,
                                              const vault::TokenHash& hash) {
  const std::size_t index = shard_of(hash);
  auto& slot = table[index];
  if (!owned.test(index)) {
    slot =
        slot ? std::make_shared<Snapshot::Shard<T>>(*slot) : std::make_shared<Snapshot::Shard<T>>();
    owned.set(index);
  }
  // Made by this editor and not yet seen by anybody else.
  return const_cast<Snapshot::Shard<T>&>(*slot);
}

void SnapshotEditor::put(const vault::TokenHash& hash, std::shared_ptr<const McpServer> server) {
  own_shard(next_->servers_, owned_servers_, hash)[hash] = std::move(server);
}

void SnapshotEditor::put(const vault::TokenHash& hash, ApiToken token) {
  own_shard(next_->api_tokens_, owned_tokens_, hash)[hash] = std::move(token);
}

void SnapshotEditor::erase_server(const vault::TokenHash& hash) {
  own_shard(next_->servers_, owned_servers_, hash).erase(hash);
}

void SnapshotEditor::erase_api_token(const vault::TokenHash& hash) {
  own_shard(next_->api_tokens_, owned_tokens_, hash).erase(hash);
}

std::shared_ptr<const Snapshot> SnapshotEditor::finish() {
  return std::move(next_);
}

SnapshotHolder::SnapshotHolder(std::size_t loops)
    : loops_(loops),
      per_loop_(std::make_unique<PerLoop[]>(loops)),
      current_(std::make_shared<const Snapshot>()) {}

const std::shared_ptr<const Snapshot>& SnapshotHolder::get(std::size_t loop_index) const {
  assert(loop_index < loops_);
  PerLoop& mine = per_loop_[loop_index];
  if (mine.generation != generation_.load(std::memory_order_acquire)) {
    const MutexLock lock(mutex_);
    mine.snapshot = current_;
    mine.generation = generation_.load(std::memory_order_relaxed);  // changes under the mutex only
  }
  return mine.snapshot;
}

std::shared_ptr<const Snapshot> SnapshotHolder::current() const {
  const MutexLock lock(mutex_);
  return current_;
}

void SnapshotHolder::set(std::shared_ptr<const Snapshot> snapshot, Next next) {
  std::function<void()> callback;
  {
    const MutexLock lock(mutex_);
    current_.swap(snapshot);  // the old one is freed outside of the lock, by the parameter
    generation_.fetch_add(1, std::memory_order_release);
    if (next == Next::changed) callback = callback_;
    epoch_.fetch_add(1, std::memory_order_relaxed);
  }
  if (callback) callback();
}

void SnapshotHolder::on_change(std::function<void()> callback) {
  const MutexLock lock(mutex_);
  callback_ = std::move(callback);
}

}  // namespace patchbay::control
