// What the commands of the admin API share: options, and how records are shown.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "cli/line/command_line.h"
#include "cli/terminal/table.h"
#include "json/value.h"

namespace patchbay::cli {

// What each of them takes.
struct Remote {
  std::string profile;  // empty: see choose_connection
  bool json = false;
};
void add_remote_options(Command& command, Remote& remote);

// A column of a list: its head, and what stands in it for a record.
struct Shown {
  Column column;
  std::function<std::string(const json::Value& record)> cell;
};
// The member of that name as text; "-" where it is null or absent.
std::string member_text(const json::Value& record, std::string_view name);
// A column of a member as it is.
Shown member(std::string_view title, std::string_view name, bool whole = false);
// A column of a time: "3 hours ago".
Shown time_member(std::string_view title, std::string_view name);

// A table, or with `json` {"result": […]} on one line. `none`: what is said where there is nothing.
int print_records(const json::Array& records, const std::vector<Shown>& shown, const Remote& remote,
                  std::string_view none);
// One record, a line for each field, or as JSON.
using Fields = std::vector<std::pair<std::string_view, std::string>>;
int print_record(const json::Value& record, const Fields& fields, const Remote& remote);
// The record's remarks (`notices`, `warnings`, `notice`), on standard error.
void print_notices(const json::Value& record);

// "in 3 hours", "2 days ago"; the text as it is where it is no time; "never" for nothing.
std::string relative_time(std::string_view iso8601, WallTime now);
// "2026-11-22T14:03:05.000Z (2 days ago)"
std::string time_text(const json::Value& record, std::string_view name);

// "30m", "12h", "7d", "4w"; nothing: it is none of these.
std::optional<std::chrono::seconds> read_span(std::string_view text);
// When something ends, as it is typed: "30m", "12h", "7d", "4w" from now, an ISO 8601 time, or
// "never" (null). Error: invalid_argument.
Result<json::Value> read_expiry(const std::string& text, WallTime now);
// "a, b" as an array.
json::Array as_array(const std::vector<std::string>& texts);

}  // namespace patchbay::cli
