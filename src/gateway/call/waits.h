// What a call waits for at this moment, for whoever has to tell a client that it still runs. It is
// asked, and does not tell by itself: a call that nobody waits long for pays a few additions.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace patchbay::gateway {

// Of a call and of all calls within it (a composite's steps), which may wait at the same time. On
// their loop.
class Waits {
 public:
  enum class For : std::uint8_t {
    api,    // a request is on its way
    turn,   // among the requests of the account
    pause,  // that the upstream asked for
  };

  // One who waits, as long as it lives. `waits` may be null: nobody asks.
  class One {
   public:
    One(Waits* waits, For what) : waits_(waits), what_(what) { count(1); }
    One(const One&) = delete;
    One& operator=(const One&) = delete;
    ~One() { count(-1); }
    void turns_to(For what) {
      count(-1);
      what_ = what;
      count(1);
    }

   private:
    void count(int more) const {
      if (waits_ != nullptr) waits_->waiting_[static_cast<std::size_t>(what_)] += more;
    }
    Waits* waits_;
    For what_;
  };

  // Where a call of several parts is: the first of the steps that are under way, and the page that
  // it reads. 0: does not apply. `name` lives as long as the call.
  struct Place {
    std::string_view name;
    std::int64_t step = 0;
    std::int64_t steps = 0;
    std::int64_t page = 0;
    std::int64_t most_pages = 0;
  };
  Place place;
  std::chrono::steady_clock::time_point pause_ends{};

  // "Step 2 of 5 (notes), page 3 of at most 4: waiting for the API."
  std::string text() const;

 private:
  std::string what_for() const;
  bool any(For what) const { return waiting_[static_cast<std::size_t>(what)] > 0; }

  std::array<int, 3> waiting_{};
};

}  // namespace patchbay::gateway
