// The audit log: what may be asked of it, and by whom.
#include "admin/log.h"

#include <algorithm>

#include "admin/actions.h"
#include "admin/lists.h"
#include "audit/event_json.h"
#include "audit/verify.h"
#include "base/iso8601.h"
#include "base/text.h"

namespace patchbay::admin {
namespace {

std::unexpected<Error> no_log() {
  return fail(ErrorCode::unsupported, "This server keeps no audit log.");
}

Result<std::optional<WallTime>> time_of(const ApiRequest& request, std::string_view name) {
  const std::string_view text = request.query_or(name, "");
  if (text.empty()) return std::nullopt;
  const auto time = parse_iso8601(text, TimeZone::utc());
  if (time) return *time;
  return fail(ErrorCode::invalid_argument, "'" + std::string(name) + "' is no time.",
              "Write it as 2026-11-22T14:03:05Z.");
}

// A slip must not look like a log in which nothing happened.
Result<std::string> one_of(const ApiRequest& request, std::string_view name,
                           const std::vector<std::string>& words) {
  const std::string_view text = request.query_or(name, "");
  if (text.empty() || std::ranges::find(words, text) != words.end()) return std::string(text);
  return fail(ErrorCode::invalid_argument,
              "'" + std::string(name) + "' is none that an event may have.",
              "It may be: " + join(words) + ".");
}

}  // namespace

Result<audit::LogQuery> read_log_query(const ApiRequest& request) {
  const auto from = time_of(request, "from");
  if (!from) return std::unexpected(from.error());
  const auto to = time_of(request, "to");
  if (!to) return std::unexpected(to.error());
  const auto kind = one_of(request, "kind", {"read", "write", "change", "note"});
  if (!kind) return std::unexpected(kind.error());
  const auto outcome = one_of(request, "outcome", {"started", "done", "failed", "unknown"});
  if (!outcome) return std::unexpected(outcome.error());
  const auto text = [&](std::string_view name) { return std::string(request.query_or(name, "")); };
  audit::LogQuery query{.environment_id = request.principal.environment_id,
                        .from = *from,
                        .to = *to,
                        .kind = *kind,
                        .account_id = text("integrated_account_id"),
                        .server_id = text("mcp_server_id"),
                        .tool = text("tool"),
                        .outcome = *outcome,
                        .client = text("client"),
                        .text = text("text")};
  // Whoever sees one environment only sees nothing of another that it names.
  const std::string wanted = text("environment_id");
  if (query.environment_id.empty()) {
    query.environment_id = wanted;
  } else if (!wanted.empty() && wanted != query.environment_id) {
    return fail(ErrorCode::not_found, "There is no such environment.");
  }
  return query;
}

Result<json::Value> list_events(Context& context, const ApiRequest& request) {
  if (context.log.rows == nullptr) return no_log();
  const auto page = read_page(request);
  if (!page) return std::unexpected(page.error());
  const auto query = read_log_query(request);
  if (!query) return std::unexpected(query.error());
  audit::LogPosition after;
  if (page->after) after = {page->after->created_at, page->after->id};
  const auto found = audit::read_log(*context.log.rows, *query, after, page->limit - 1);
  if (!found) return std::unexpected(found.error());
  json::Array events;
  for (const store::EventRow& row : found->events) events.push_back(audit::view(row));
  json::Value next;
  if (found->next) next = cursor_of({found->next->at, found->next->id});
  return json::Object{{"result", std::move(events)}, {"next_cursor", std::move(next)}};
}

Result<json::Value> get_event(Context& context, const ApiRequest& request) {
  if (context.log.rows == nullptr) return no_log();
  const auto found = audit::read_event(*context.log.rows, request.principal.environment_id,
                                       request.parameter("id"));
  if (!found) return std::unexpected(found.error());
  return audit::view(*found);
}

Result<json::Value> verify_log(Context& context, const ApiRequest& request) {
  if (context.log.rows == nullptr) return no_log();
  const auto verified =
      audit::verify(*context.log.rows, *context.log.vault, request.principal.environment_id);
  if (!verified) return std::unexpected(verified.error());
  return audit::view(*verified);
}

}  // namespace patchbay::admin
