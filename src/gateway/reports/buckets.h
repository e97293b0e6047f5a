// Spans of a calendar that groups are made of: days, weeks from Monday on, months, quarters, years.
// Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patchbay::gateway::report {

enum class Step : std::uint8_t { day, week, month, quarter, year };

// Nothing: no such word.
std::optional<Step> step_of(std::string_view word);
std::vector<std::string> step_words();

struct CalendarSpan {
  std::chrono::local_days from;
  std::chrono::local_days until;  // the first day behind it
};
CalendarSpan span_of(std::chrono::local_days day, Step step);

// "2026-11-30", "2026-W49" (ISO 8601), "2026-11", "2026-Q4", "2026": in the order of time, as
// texts.
std::string label_of(std::chrono::local_days first, Step step);
// "2026-11-30"
std::string day_text(std::chrono::local_days day);
// Of a text that begins with one: "2026-11-30", "2026-11-30T00:00:00Z".
std::optional<std::chrono::local_days> read_day(std::string_view text);

}  // namespace patchbay::gateway::report
