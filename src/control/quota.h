// How often an MCP server may be called: `quota` of its config, and what is left of it.
//
// Periods are those of the clock: a minute begins with each UTC minute, a day at 00:00 UTC. The
// database counts, for all nodes together, and a node takes some at once (a twentieth of the quota,
// 50 at most, or as many as wait for it) before it lets the first of them through. So the quota is
// never exceeded, on however many nodes and across however many crashes; what a node has taken and
// not used when it ends, or when the server leaves its memory, is lost until the next period.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/clock.h"
#include "base/error.h"
#include "base/mutex.h"
#include "json/value.h"
#include "store/server_uses.h"

namespace patchbay::control {

struct QuotaLimits {
  std::array<std::int64_t, store::kQuotas> most{};  // by store::QuotaOf; 0: no bound
  bool any() const;
  bool operator==(const QuotaLimits&) const = default;
};

// Of the config's member, which may be null. Error invalid_argument.
Result<QuotaLimits> read_quota(const json::Value* quota);

// The member of `quota` that bounds it.
std::string_view name_of(store::QuotaOf which);
// When that period is over.
WallTime end_of(store::QuotaOf which, std::int64_t period);

// What is left to one node. Thread-safe, and quick.
class QuotaMeter {
 public:
  explicit QuotaMeter(const QuotaLimits& limits) : limits_(limits) {}

  enum class What : std::uint8_t { call, write };
  // The quota that says most: the one that is used up, or else the one that is nearest to it.
  struct Told {
    store::QuotaOf which{};
    std::int64_t limit = 0;
    std::int64_t remaining = 0;
    WallTime resets_at{};
  };
  struct Answer {
    enum class Is : std::uint8_t { counted, spent, unknown };
    Is is = Is::unknown;       // unknown: more has to be taken from the database first
    std::optional<Told> told;  // nothing: no quota is about this
  };
  // Counts one, or nothing at all.
  Answer count(What what, WallTime now);

  // Who waits for more. One at a time takes it from the database, for all that wait.
  class Waiting {
   public:
    explicit Waiting(QuotaMeter& meter);
    ~Waiting();
    Waiting(const Waiting&) = delete;
    Waiting& operator=(const Waiting&) = delete;
    // False: somebody else does so at this moment.
    bool take_turn();
    void end_turn();

   private:
    QuotaMeter& meter_;
    bool ours_ = false;
  };
  // What to take for this, and what came of it.
  store::QuotaWishes wishes(What what, WallTime now) const;
  void put(const store::QuotaGrants& grants);

  const QuotaLimits& limits() const { return limits_; }

 private:
  struct Left {
    std::int64_t period = -1;
    std::int64_t taken = 0;  // of everybody, when the database was asked last
    std::int64_t left = 0;   // of that, ours and not used
  };
  const QuotaLimits limits_;
  mutable Mutex mutex_;
  std::array<Left, store::kQuotas> left_ PATCHBAY_GUARDED_BY(mutex_);
  bool turn_taken_ PATCHBAY_GUARDED_BY(mutex_) = false;
  std::int64_t waiting_ PATCHBAY_GUARDED_BY(mutex_) = 0;
};

}  // namespace patchbay::control
