#include "mcp/methods/cancellations.h"

#include <utility>

namespace patchbay::mcp {
namespace {

// 64 bits of hash stand for the texts: a collision cancels nothing, since two calls fit then.
std::uint64_t key_of(std::string_view server_id, const Caller& caller, std::string_view id) {
  std::uint64_t key = std::hash<std::string_view>()(server_id);
  for (const std::string_view part : {caller.peer, caller.forwarded_for, caller.user_agent, id}) {
    key = key * 0x9E3779B97F4A7C15ull + std::hash<std::string_view>()(part);
  }
  return key;
}

}  // namespace

Cancellations::Entry::Entry(Entry&& other) noexcept
    : owner_(std::exchange(other.owner_, nullptr)), key_(other.key_), serial_(other.serial_) {}

Cancellations::Entry& Cancellations::Entry::operator=(Entry&& other) noexcept {
  std::swap(owner_, other.owner_);
  std::swap(key_, other.key_);
  std::swap(serial_, other.serial_);
  return *this;
}

Cancellations::Entry::~Entry() {
  if (owner_ != nullptr) owner_->remove(key_, serial_);
}

Cancellations::Entry Cancellations::add(std::string_view server_id, const Caller& caller,
                                        std::string_view id,
                                        const std::shared_ptr<io::CancelSource>& source) {
  Entry entry;
  entry.key_ = key_of(server_id, caller, id);
  entry.owner_ = this;
  Stripe& home = stripe(entry.key_);
  const MutexLock lock(home.mutex);
  entry.serial_ = ++home.next_serial;
  home.running.emplace(
      entry.key_, Running{.serial = entry.serial_, .loop = &io::Loop::current(), .source = source});
  return entry;
}

void Cancellations::cancel(std::string_view server_id, const Caller& caller, std::string_view id) {
  const std::uint64_t key = key_of(server_id, caller, id);
  Stripe& home = stripe(key);
  Running only;
  {
    const MutexLock lock(home.mutex);
    const auto [begin, end] = home.running.equal_range(key);
    if (begin == end || std::next(begin) != end) return;
    only = begin->second;
  }
  io::post(*only.loop, [weak = std::move(only.source)] {
    if (const auto source = weak.lock()) source->cancel();
  });
}

void Cancellations::remove(std::uint64_t key, std::uint64_t serial) {
  Stripe& home = stripe(key);
  const MutexLock lock(home.mutex);
  const auto [begin, end] = home.running.equal_range(key);
  for (auto it = begin; it != end; ++it) {
    if (it->second.serial != serial) continue;
    home.running.erase(it);
    return;
  }
}

}  // namespace patchbay::mcp
