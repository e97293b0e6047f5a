#include "audit/log.h"

#include <algorithm>
#include <utility>

#include "audit/calls.h"
#include "audit/event_json.h"
#include "audit/log_sources.h"
#include "base/text.h"
#include "json/parse.h"
#include "json/write.h"

namespace patchbay::audit {
namespace {

bool fits(const LogQuery& query, std::string_view kind, std::string_view account,
          std::string_view server, std::string_view tool, std::string_view outcome) {
  return is_wanted(query.kind, kind) && is_wanted(query.account_id, account) &&
         is_wanted(query.server_id, server) && is_wanted(query.tool, tool) &&
         is_wanted(query.outcome, outcome);
}

// Which program asked stands in the text of a row.
bool is_of_client(const LogQuery& query, const store::EventRow& row) {
  if (query.client.empty()) return true;
  const auto begun = json::parse(row.begun);
  return begun && begun->string_or("client", "") == query.client;
}

// Both sources as one list.
class Log {
 public:
  Log(store::EventRows& rows, const store::EventPage& part)
      : events_(rows, part), calls_(rows, part) {}

  // What comes next, as far as `query` has no use for another; `position`: of what was looked at,
  // whether or not it is wanted. Nothing: that was all.
  struct Looked {
    LogPosition position;
    std::optional<store::EventRow> wanted;
  };
  Result<std::optional<Looked>> next(const LogQuery& query) {
    const auto event = events_.next();
    if (!event) return std::unexpected(event.error());
    const auto call = calls_.next();
    if (!call) return std::unexpected(call.error());
    if (*event == nullptr && *call == nullptr) return std::nullopt;
    const bool is_call =
        *call != nullptr &&
        (*event == nullptr || std::pair((*event)->at, std::string_view((*event)->id)) <
                                  std::pair((*call)->read.at, std::string_view((*call)->id)));
    return is_call ? take_call(query, **call) : take_event(query, **event);
  }

 private:
  Looked take_event(const LogQuery& query, store::EventRow& row) {
    Looked looked{.position = {row.at, row.id}, .wanted = {}};
    if (fits(query, row.kind, row.account_id, row.server_id, row.tool, row.outcome) &&
        is_of_client(query, row)) {
      looked.wanted = std::move(row);
    }
    events_.pass();
    return looked;
  }
  // Its texts are composed only where somebody reads them.
  Looked take_call(const LogQuery& query, const CallSource::Call& call) {
    Looked looked{.position = {call.read.at, call.id}, .wanted = {}};
    if (fits(query, to_string(call.read.kind), call.read.text(Text::account),
             call.read.text(Text::server), call.read.text(Text::tool),
             to_string(call.read.outcome)) &&
        is_wanted(query.client, call.read.text(Text::client))) {
      looked.wanted = event_row(*call.row, call.read);
    }
    calls_.pass();
    return looked;
  }

  EventSource events_;
  CallSource calls_;
};

std::unexpected<Error> no_such_event() {
  return fail(ErrorCode::not_found, "There is no such event.",
              "It may be older than events are kept.");
}

// An event that lies with others.
Result<store::EventRow> read_call(store::EventRows& rows, std::string_view id) {
  const auto name = read_event_id(id);
  if (!name) return no_such_event();
  const auto row = rows.calls(calls_id(*name));
  if (!row) return std::unexpected(row.error());
  if (!*row) return no_such_event();
  const auto calls = read_calls(**row);
  if (!calls) return std::unexpected(calls.error());
  const auto found = std::ranges::find(*calls, name->order, &CallRead::order);
  if (found == calls->end()) return no_such_event();
  return event_row(**row, *found);
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
                        .limit = limit + 1};
  if (query.to && *query.to < part.before_at) {
    part.before_at = *query.to;
    part.before_id.clear();
  }
  LogPosition last{part.before_at, part.before_id};
  Log log(rows, part);
  for (std::size_t looked_at = 0; looked_at < kMostLookedAt; ++looked_at) {
    auto found = log.next(query);
    if (!found) return std::unexpected(std::move(found.error()));
    if (!*found) return page;
    if (page.events.size() == limit) break;
    last = std::move((*found)->position);
    std::optional<store::EventRow>& row = (*found)->wanted;
    const bool wanted =
        row && (text.empty() || to_lower(json::to_string(view(*row))).contains(text));
    if (wanted) page.events.push_back(std::move(*row));
  }
  page.next = std::move(last);
  return page;
}

Result<store::EventRow> read_event(store::EventRows& rows, const std::string& environment_id,
                                   std::string_view id) {
  auto found = rows.event(id);
  if (!found) return std::unexpected(std::move(found.error()));
  auto event = *found ? Result<store::EventRow>(std::move(**found)) : read_call(rows, id);
  if (event && !is_wanted(environment_id, event->chain)) return no_such_event();
  return event;
}

}  // namespace patchbay::audit
