// Whether a node may go by what it has in memory, where other nodes change the same database.
//
// What is in memory was right when the database last said that nothing is missing from it. For a
// while that is good enough: changes are told within milliseconds, and a node that heard nothing
// for longer asks before it serves. While the database itself is away it goes on for a longer
// while, by what it knows; how long is the operator's to say. Time is counted while the process or
// the machine stands still as well (CLOCK_BOOTTIME), so that a node that was frozen knows that it
// does not know.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>

namespace patchbay::control {

class Trust {
 public:
  using Time = std::chrono::milliseconds;  // since the machine's start
  static Time now_since_boot();

  struct Bounds {
    Time unconfirmed{5'000};        // after that the database is asked
    Time without_database{60'000};  // after that nothing is served while it does not answer
  };

  // Nobody but this process changes anything: for good.
  void always() { always_ = true; }
  // From here on it has to be confirmed. Before anything is served.
  void only_within(Bounds bounds, std::function<Time()> now = now_since_boot);

  Time now() const { return now_ ? now_() : now_since_boot(); }
  // Everything that was committed before `asked` is in memory.
  void confirm(Time asked);
  // The database was asked and did not answer.
  void note_failure();

  enum class Is : std::uint8_t {
    good,
    doubtful,   // the database is to be asked (ControlPlane::catch_up)
    worthless,  // it does not answer, and what is known is too old
  };
  Is state() const;
  // For what runs already: it does not end because the database takes its time to answer, but goes
  // no further once it is worthless, or where this process stood still until a moment ago.
  bool may_go_on() const;
  // The process runs: to be called several times a second.
  void beat();
  // How long ago it was confirmed; 0 where it need not be.
  Time age() const;

 private:
  // Of a failure: so long nobody asks again.
  static constexpr Time kRetry{1'000};
  // Without a beat for so long it stood still, or may have.
  static constexpr Time kStill{1'000};

  std::atomic<bool> always_ = true;
  Bounds bounds_;
  std::function<Time()> now_;
  std::atomic<Time::rep> confirmed_ = 0;
  std::atomic<Time::rep> failed_ = 0;
  std::atomic<Time::rep> beat_ = 0;
  std::atomic<Time::rep> stirred_ = 0;  // it may have stood still before
  std::atomic<Time::rep> woke_ = 0;     // it had, for longer than memory is gone by
};

}  // namespace patchbay::control
