#include "control/quota.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "control/members.h"

namespace patchbay::control {
namespace {

using store::kQuotas;
using store::QuotaOf;

constexpr std::array<std::string_view, kQuotas> kQuotaMembers{
    "calls_per_minute", "calls_per_day", "writes_per_minute", "writes_per_day"};
constexpr std::int64_t kMost = 1'000'000'000;
constexpr std::int64_t kTakenAtOnce = 20;  // the quota's twentieth
constexpr std::int64_t kMostAtOnce = 50;
constexpr std::int64_t kMinute = 60'000;  // milliseconds
constexpr std::int64_t kDay = 86'400'000;

std::int64_t length_of(std::size_t quota) {
  const bool is_day = quota == static_cast<std::size_t>(QuotaOf::calls_of_day) ||
                      quota == static_cast<std::size_t>(QuotaOf::writes_of_day);
  return is_day ? kDay : kMinute;
}

std::int64_t period_at(std::size_t quota, WallTime now) {
  return now.time_since_epoch().count() / length_of(quota);
}

// A write is a call, and is counted as one before.
bool is_about(std::size_t quota, QuotaMeter::What what) {
  const bool is_of_writes = quota >= static_cast<std::size_t>(QuotaOf::writes_of_minute);
  return is_of_writes == (what == QuotaMeter::What::write);
}

}  // namespace

std::string_view name_of(QuotaOf which) {
  return kQuotaMembers.at(static_cast<std::size_t>(which));
}

WallTime end_of(QuotaOf which, std::int64_t period) {
  return WallTime(
      std::chrono::milliseconds((period + 1) * length_of(static_cast<std::size_t>(which))));
}

bool QuotaLimits::any() const {
  return std::ranges::any_of(most, [](std::int64_t one) { return one > 0; });
}

Result<QuotaLimits> read_quota(const json::Value* quota) {
  QuotaLimits limits;
  if (quota == nullptr || quota->is_null()) return limits;
  const json::Object* const members = quota->if_object();
  if (members == nullptr) {
    return fail(ErrorCode::invalid_argument, "config.quota must be an object.");
  }
  if (auto known = only_known_members(*members, "config.quota", kQuotaMembers); !known) {
    return std::unexpected(known.error());
  }
  if (members->empty()) {
    return fail(ErrorCode::invalid_argument, "config.quota must not be empty.",
                "Leave it out for no bound, or name what is bounded.");
  }
  for (const auto& [name, value] : *members) {
    const auto number = value.is_number() ? value.as_int64() : std::nullopt;
    if (!number || *number < 1 || *number > kMost) {
      return fail(ErrorCode::invalid_argument,
                  "config.quota." + name + " must be a whole number from 1 to 1000000000.",
                  "Leave it out for no bound; `paused` is for no calls at all.");
    }
    limits.most[static_cast<std::size_t>(std::ranges::find(kQuotaMembers, name) -
                                         kQuotaMembers.begin())] = *number;
  }
  return limits;
}

QuotaMeter::Answer QuotaMeter::count(What what, WallTime now) {
  Answer answer{.is = Answer::Is::counted};
  const MutexLock lock(mutex_);
  for (std::size_t i = 0; i < kQuotas; ++i) {
    const std::int64_t limit = limits_.most[i];
    if (limit == 0 || !is_about(i, what)) continue;
    const Left& one = left_[i];
    // What another clock called later stays.
    const bool is_current = one.period >= period_at(i, now);
    const std::int64_t remaining = is_current ? limit - one.taken + one.left : limit;
    const bool is_spent = is_current && one.left == 0 && one.taken >= limit;
    const Told told{
        .which = static_cast<QuotaOf>(i),
        .limit = limit,
        .remaining = std::max(remaining - 1, std::int64_t{0}),
        .resets_at = end_of(static_cast<QuotaOf>(i), std::max(one.period, period_at(i, now)))};
    // Of two that are spent, the one that takes longer.
    const bool was_spent = answer.is == Answer::Is::spent;
    const bool says_more =
        !answer.told || (is_spent && !was_spent) ||
        (is_spent == was_spent && (is_spent ? told.resets_at > answer.told->resets_at
                                            : told.remaining < answer.told->remaining));
    if (says_more) answer.told = told;
    if (is_spent) {
      answer.is = Answer::Is::spent;
    } else if (!was_spent && (!is_current || one.left == 0)) {
      answer.is = Answer::Is::unknown;
    }
  }
  if (answer.is != Answer::Is::counted) return answer;
  for (std::size_t i = 0; i < kQuotas; ++i) {
    if (limits_.most[i] > 0 && is_about(i, what)) --left_[i].left;
  }
  return answer;
}

store::QuotaWishes QuotaMeter::wishes(What what, WallTime now) const {
  store::QuotaWishes wishes{};
  const MutexLock lock(mutex_);
  for (std::size_t i = 0; i < kQuotas; ++i) {
    const std::int64_t limit = limits_.most[i];
    if (limit == 0 || !is_about(i, what)) continue;
    const Left& one = left_[i];
    if (one.period >= period_at(i, now) && one.left > 0) continue;
    const std::int64_t usual = std::clamp(limit / kTakenAtOnce, std::int64_t{1}, kMostAtOnce);
    wishes[i] = {.period = period_at(i, now), .limit = limit, .wanted = std::max(usual, waiting_)};
  }
  return wishes;
}

void QuotaMeter::put(const store::QuotaGrants& grants) {
  const MutexLock lock(mutex_);
  for (std::size_t i = 0; i < kQuotas; ++i) {
    if (grants[i].period == 0) continue;  // nothing was asked for
    Left& one = left_[i];
    const std::int64_t kept = one.period == grants[i].period ? one.left : 0;
    one = {.period = grants[i].period, .taken = grants[i].taken, .left = kept + grants[i].granted};
  }
}

QuotaMeter::Waiting::Waiting(QuotaMeter& meter) : meter_(meter) {
  const MutexLock lock(meter_.mutex_);
  ++meter_.waiting_;
}

QuotaMeter::Waiting::~Waiting() {
  end_turn();
  const MutexLock lock(meter_.mutex_);
  --meter_.waiting_;
}

bool QuotaMeter::Waiting::take_turn() {
  const MutexLock lock(meter_.mutex_);
  if (meter_.turn_taken_) return false;
  meter_.turn_taken_ = ours_ = true;
  return true;
}

void QuotaMeter::Waiting::end_turn() {
  if (!ours_) return;
  const MutexLock lock(meter_.mutex_);
  meter_.turn_taken_ = ours_ = false;
}

}  // namespace patchbay::control
