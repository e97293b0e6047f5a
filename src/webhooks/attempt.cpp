#include "webhooks/attempt.h"

#include <utility>

#include "base/iso8601.h"
#include "base/text.h"
#include "json/parse.h"
#include "json/write.h"
#include "webhooks/schedule.h"

namespace patchbay::webhooks {
namespace {

using Outcome = Attempt::Outcome;

constexpr std::size_t kLongestError = 300;

json::Value as_json(const Attempt& attempt) {
  json::Object out;
  out.append("at", format_utc_millis(attempt.at));
  out.append("status", attempt.status ? json::Value(*attempt.status) : json::Value());
  out.append("duration_ms", attempt.took.count());
  out.append("error", attempt.error.empty() ? json::Value()
                                            : json::Value(cut_utf8(attempt.error, kLongestError)));
  return out;
}

std::string with(const std::string& attempts, json::Value attempt) {
  auto all = json::parse(attempts);
  json::Array kept;
  if (all && all->is_array()) kept = std::move(*all->if_array());
  kept.push_back(std::move(attempt));
  while (kept.size() > kKeptAttempts) kept.erase(kept.begin());
  return json::to_string(json::Value(std::move(kept)));
}

}  // namespace

void record(store::DeliveryRow& row, const Attempt& attempt, double chance) {
  ++row.tries;
  row.attempts = with(row.attempts, as_json(attempt));
  row.updated_at = attempt.at + attempt.took;
  if (attempt.outcome == Outcome::delivered) {
    row.state = "delivered";
    return;
  }
  const bool may_go_on =
      attempt.outcome == Outcome::refused || attempt.outcome == Outcome::unreachable;
  const auto pause =
      may_go_on ? pause_after(row.tries, chance, attempt.wanted_pause) : std::nullopt;
  if (pause) {
    row.due_at = row.updated_at + *pause;
  } else {
    row.state = "given_up";
  }
}

}  // namespace patchbay::webhooks
