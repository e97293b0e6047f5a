// Which running calls a legacy client may still cancel: notifications/cancelled names a request id,
// and arrives on another connection, perhaps on another loop.
//
// Without sessions an id is not unique: two clients of one MCP server both count from 1. Address
// (also the one that a proxy saw) and program tell most of them apart; where several calls still
// fit, none is cancelled, since a cancellation is best effort and another client's call is not ours
// to give up.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/mutex.h"
#include "io/cancel.h"
#include "io/runtime.h"

namespace patchbay::mcp {

// What tells the clients of one server apart.
struct Caller {
  std::string_view peer;
  std::string_view forwarded_for;
  std::string_view user_agent;
};

class Cancellations {
 public:
  // Ends the registration when it goes. On the loop where it was made.
  class Entry {
   public:
    Entry() = default;
    Entry(Entry&& other) noexcept;
    Entry& operator=(Entry&& other) noexcept;
    ~Entry();

   private:
    friend class Cancellations;
    Cancellations* owner_ = nullptr;
    std::uint64_t key_ = 0;
    std::uint64_t serial_ = 0;
  };

  // The call may be cancelled through `source` until the entry goes.
  [[nodiscard]] Entry add(std::string_view server_id, const Caller& caller, std::string_view id,
                          const std::shared_ptr<io::CancelSource>& source);
  void cancel(std::string_view server_id, const Caller& caller, std::string_view id);

 private:
  struct Running {
    std::uint64_t serial = 0;
    io::Loop* loop = nullptr;
    std::weak_ptr<io::CancelSource> source;
  };
  // Striped, so that calls on different loops seldom meet.
  struct Stripe {
    Mutex mutex;
    std::unordered_multimap<std::uint64_t, Running> running PATCHBAY_GUARDED_BY(mutex);
    std::uint64_t next_serial PATCHBAY_GUARDED_BY(mutex) = 0;
  };
  Stripe& stripe(std::uint64_t key) { return stripes_[key % stripes_.size()]; }
  void remove(std::uint64_t key, std::uint64_t serial);

  std::array<Stripe, 16> stripes_;
};

}  // namespace patchbay::mcp
