#include "audit/log.h"

#include <algorithm>
#include <utility>

#include "audit/event_json.h"
#include "base/text.h"
#include "json/write.h"

namespace patchbay::audit {
namespace {

constexpr std::size_t kAtOnce = 500;

bool is_wanted(const std::string& wanted, const std::string& found) {
  return wanted.empty() || wanted == found;
}

bool fits(const LogQuery& query, const std::string& text, const store::EventRow& row) {
  return is_wanted(query.kind, row.kind) && is_wanted(query.account_id, row.account_id) &&
         is_wanted(query.server_id, row.server_id) && is_wanted(query.tool, row.tool) &&
         is_wanted(query.outcome, row.outcome) &&
         (text.empty() || to_lower(json::to_string(view(row))).contains(text));
}

}  // namespace

Result<LogPage> read_log(store::EventRows& rows, const LogQuery& query, const LogPosition& after,
                         std::size_t limit) {
  LogPage page;
  const std::string text = to_lower(query.text);
  store::EventPage part{.chain = query.environment_id,
                        .from = query.from.value_or(WallTime{}),
                        .before_at = after.at,
                        .before_id = after.id,
                        .limit = kAtOnce};
  if (query.to && *query.to < part.before_at) {
    part.before_at = *query.to;
    part.before_id.clear();
  }
  for (std::size_t looked_at = 0; looked_at < kMostLookedAt; looked_at += kAtOnce) {
    auto found = rows.events(part);
    if (!found) return std::unexpected(std::move(found.error()));
    const bool last = found->size() < part.limit;
    for (store::EventRow& row : *found) {
      if (page.events.size() == limit) {
        page.next = LogPosition{part.before_at, part.before_id};
        return page;
      }
      part.before_at = row.at;
      part.before_id = row.id;
      if (fits(query, text, row)) page.events.push_back(std::move(row));
    }
    if (last) return page;
  }
  page.next = LogPosition{part.before_at, part.before_id};
  return page;
}

Result<store::EventRow> read_event(store::EventRows& rows, const std::string& environment_id,
                                   std::string_view id) {
  auto found = rows.event(id);
  if (!found) return std::unexpected(std::move(found.error()));
  if (!*found || !is_wanted(environment_id, (*found)->chain)) {
    return fail(ErrorCode::not_found, "There is no such event.",
                "It may be older than events are kept.");
  }
  return std::move(**found);
}

}  // namespace patchbay::audit
