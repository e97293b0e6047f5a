#include "audit/event_json.h"

#include <array>
#include <cstdint>

#include "audit/tokens_saved.h"
#include "base/iso8601.h"
#include "json/parse.h"
#include "json/write.h"

namespace patchbay::audit {
namespace {

void add(json::Object& object, std::string_view name, std::string_view text) {
  if (!text.empty()) object.append(std::string(name), text);
}
void add(json::Object& object, std::string_view name, std::int64_t number) {
  if (number != 0) object.append(std::string(name), number);
}
void add_json(json::Object& object, std::string_view name, const std::string& text) {
  if (text.empty()) return;
  if (auto value = json::parse(text)) object.append(std::string(name), std::move(*value));
}

// Which members of the two texts are shown under which name, in this order.
constexpr std::array kOfBeginning{"resource",       "api_token_id", "member",     "client",
                                  "client_version", "session_id",   "request_id", "approved_by",
                                  "target",         "arguments"};
constexpr std::array kOfEnd{"record_id",
                            "error_code",
                            "why",
                            "upstream_status",
                            "duration_ms",
                            "upstream_duration_ms",
                            "waited_ms",
                            "shaping_us",
                            "upstream_bytes",
                            "result_bytes",
                            "tokens_saved_estimate",
                            "summary"};

}  // namespace

std::string_view to_string(Kind kind) {
  static constexpr std::array<std::string_view, 4> kNames{"read", "write", "change", "note"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::string_view to_string(Outcome outcome) {
  static constexpr std::array<std::string_view, 3> kNames{"done", "failed", "unknown"};
  return kNames[static_cast<std::size_t>(outcome)];
}

std::string text_of(const Event& event, bool shown) {
  json::Object text;
  add(text, "resource", event.resource);
  add(text, "api_token_id", event.by.api_token_id);
  add(text, "member", event.by.member);
  add(text, "client", event.by.client);
  add(text, "client_version", event.by.client_version);
  add(text, "session_id", event.by.session_id);
  add(text, "request_id", event.request_id);
  add(text, "approved_by", event.by.approved_by);
  add(text, "target", event.target);
  add(text, "check", event.check);
  if (shown) add_json(text, "arguments", event.shown_arguments);
  return json::to_string(text);
}

std::string text_of(const Ending& ending, WallTime now, bool shown) {
  json::Object text;
  text.append("at", now.time_since_epoch().count());
  add(text, "record_id", ending.record_id);
  add(text, "error_code", ending.error_code);
  add(text, "why", ending.why);
  add(text, "upstream_status", ending.upstream_status);
  add(text, "duration_ms", ending.duration.count());
  add(text, "upstream_duration_ms", ending.upstream_duration.count());
  add(text, "waited_ms", ending.waited.count());
  add(text, "shaping_us", ending.shaping.count());
  const auto upstream = static_cast<std::int64_t>(ending.upstream_bytes);
  const auto result = static_cast<std::int64_t>(ending.result_bytes);
  add(text, "upstream_bytes", upstream);
  add(text, "result_bytes", result);
  add(text, "tokens_saved_estimate", tokens_saved(upstream, result));
  if (shown) add_json(text, "summary", ending.summary);
  return json::to_string(text);
}

json::Value text_or_null(std::string_view text) {
  return text.empty() ? json::Value() : json::Value(text);
}

json::Object view(const store::EventRow& row) {
  const auto begun = json::parse(row.begun);
  const auto ended =
      row.ended.empty() ? Result<json::Value>(json::Value()) : json::parse(row.ended);
  const auto member = [](const Result<json::Value>& of, std::string_view name) {
    const json::Value* const found = of ? of->find(name) : nullptr;
    return found != nullptr ? *found : json::Value();
  };
  json::Object shown{
      {"id", row.id},
      {"at", format_utc_millis(row.at)},
      {"kind", row.kind},
      {"environment_id", row.chain == kInstance ? json::Value() : json::Value(row.chain)},
      {"integrated_account_id", text_or_null(row.account_id)},
      {"mcp_server_id", text_or_null(row.server_id)},
      {"tool", text_or_null(row.tool)},
      {"outcome", row.outcome}};
  for (const char* const name : kOfBeginning) shown.append(name, member(begun, name));
  shown.append("arguments_digest", text_or_null(row.digest));
  for (const char* const name : kOfEnd) shown.append(name, member(ended, name));
  const auto at = member(ended, "at").as_int64();
  shown.append("ended_at",
               at ? json::Value(format_utc_millis(WallTime(std::chrono::milliseconds(*at))))
                  : json::Value());
  // Whoever reads that nobody knows reads what to do about it.
  shown.append("check", row.outcome == "unknown" ? member(begun, "check") : json::Value());
  shown.append("number", row.number);
  shown.append("ended_number", row.ended_number ? json::Value(*row.ended_number) : json::Value());
  return shown;
}

}  // namespace patchbay::audit
