#include "cli/instance/remote.h"

#include <algorithm>
#include <chrono>
#include <cstdio>

#include <fmt/format.h>

#include "base/iso8601.h"
#include "base/text.h"
#include "cli/terminal/display_text.h"
#include "cli/terminal/terminal.h"
#include "json/write.h"

namespace patchbay::cli {
namespace {

using std::chrono::seconds;

WallTime now() {
  return SystemClock().now();
}

// "3 hours", by the largest unit that there are two of, or one exactly enough.
std::string amount(std::chrono::milliseconds span) {
  struct Unit {
    std::int64_t seconds;
    std::string_view name;
  };
  constexpr Unit kUnits[] = {{86'400, "day"}, {3'600, "hour"}, {60, "minute"}, {1, "second"}};
  const std::int64_t whole = std::chrono::duration_cast<seconds>(span).count();
  for (const Unit& unit : kUnits) {
    const std::int64_t count = whole / unit.seconds;
    if (count > 0) return fmt::format("{} {}{}", count, unit.name, count == 1 ? "" : "s");
  }
  return "";
}

std::string shown_value(const json::Value& value) {
  if (value.is_null()) return "-";
  if (const std::string* const text = value.if_string()) return text->empty() ? "-" : *text;
  if (const json::Array* const list = value.if_array()) {
    std::vector<std::string> parts;
    for (const json::Value& each : *list) parts.push_back(shown_value(each));
    return parts.empty() ? "-" : join(parts);
  }
  return json::to_string(value);
}

}  // namespace

void add_remote_options(Command& command, Remote& remote) {
  command.option("--profile", remote.profile, "Which instance; else the profile in use")
      .filled()
      .placeholder("PROFILE");
  command.flag("--json", remote.json, "Print one line of JSON");
}

std::string member_text(const json::Value& record, std::string_view name) {
  const json::Value* const value = record.find(name);
  return value == nullptr ? "-" : shown_value(*value);
}

Shown member(std::string_view title, std::string_view name, bool whole) {
  return {{title, whole}, [name](const json::Value& record) { return member_text(record, name); }};
}

Shown time_member(std::string_view title, std::string_view name) {
  return {{title}, [name, at = now()](const json::Value& record) {
            return relative_time(record.string_or(name, ""), at);
          }};
}

int print_records(const json::Array& records, const std::vector<Shown>& shown, const Remote& remote,
                  std::string_view none) {
  if (remote.json) {
    print_json(json::Object{{"result", records}});
    return 0;
  }
  if (records.empty()) {
    remark(none);
    return 0;
  }
  std::vector<Column> columns;
  for (const Shown& each : shown) columns.push_back(each.column);
  Table table(std::move(columns));
  for (const json::Value& record : records) {
    std::vector<std::string> cells;
    for (const Shown& each : shown) cells.push_back(each.cell(record));
    table.add(cells);
  }
  const std::string text = table.text(terminal_width(), output_is_styled());
  std::fputs(text.c_str(), stdout);
  return 0;
}

int print_record(const json::Value& record, const Fields& fields, const Remote& remote) {
  if (remote.json) {
    print_json(record);
    return 0;
  }
  std::size_t widest = 0;
  for (const auto& [name, value] : fields) widest = std::max(widest, name.size());
  for (const auto& [name, value] : fields) {
    const std::string label = fmt::format("{:<{}}", name, widest + 2);
    fmt::print("{}{}\n", bold(label), one_line(value));
  }
  return 0;
}

void print_notices(const json::Value& record) {
  if (const json::Value* const notices = record.find("notices"); notices != nullptr) {
    if (const json::Array* const list = notices->if_array()) {
      for (const json::Value& each : *list) {
        if (const std::string* const text = each.if_string()) remark("Note: " + *text);
      }
    }
  }
  const json::Value* const warnings = record.find("warnings");
  if (warnings != nullptr && warnings->if_array() != nullptr) {
    for (const json::Value& each : *warnings->if_array()) {
      remark(
          fmt::format("Warning: {} {}", each.string_or("message", ""), each.string_or("hint", "")));
    }
  }
  if (const auto notice = record.string_or("notice", ""); !notice.empty()) {
    remark(fmt::format("Note: {}", notice));
  }
}

std::string relative_time(std::string_view iso8601, WallTime at) {
  if (iso8601.empty()) return "never";
  const auto time = parse_iso8601(iso8601, TimeZone::utc());
  if (!time) return std::string(iso8601);
  const bool ahead = *time > at;
  const std::string span = amount(ahead ? *time - at : at - *time);
  if (span.empty()) return "now";
  return ahead ? "in " + span : span + " ago";
}

std::string time_text(const json::Value& record, std::string_view name) {
  const std::string_view text = record.string_or(name, "");
  if (text.empty()) return "never";
  return fmt::format("{} ({})", text, relative_time(text, now()));
}

std::optional<seconds> read_span(std::string_view text) {
  constexpr std::string_view kUnits = "mhdw";
  constexpr std::int64_t kSeconds[] = {60, 3'600, 86'400, 7 * 86'400};
  constexpr std::int64_t kMost = 10'000;  // of any unit: 191 years of weeks
  const std::size_t unit = text.empty() ? std::string_view::npos : kUnits.find(text.back());
  if (unit == std::string_view::npos) return std::nullopt;
  const auto count = parse_int64(text.substr(0, text.size() - 1));
  if (!count || *count < 1 || *count > kMost) return std::nullopt;
  return seconds(*count * kSeconds[unit]);
}

Result<json::Value> read_expiry(const std::string& text, WallTime at) {
  if (text == "never") return json::Value();
  if (const auto span = read_span(text)) return json::Value(format_utc_millis(at + *span));
  const auto time = parse_iso8601(text, TimeZone::utc());
  if (!time) {
    return fail(ErrorCode::invalid_argument, fmt::format("'{}' is no time.", text),
                "Write 30m, 12h, 7d, 4w, a time like 2030-01-01T00:00Z, or never.");
  }
  return json::Value(format_utc_millis(*time));
}

json::Array as_array(const std::vector<std::string>& texts) {
  json::Array array;
  for (const std::string& each : texts) array.emplace_back(each);
  return array;
}

}  // namespace patchbay::cli
