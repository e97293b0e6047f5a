#include "sandbox/records/cell.h"

#include <array>
#include <charconv>
#include <utility>

#include "json/value.h"

namespace patchbay::sandbox {

AnyJson::AnyJson(json::Value value) {
  value_.push_back(std::move(value));
}
AnyJson::AnyJson(const AnyJson&) = default;
AnyJson::AnyJson(AnyJson&&) noexcept = default;
AnyJson& AnyJson::operator=(const AnyJson&) = default;
AnyJson& AnyJson::operator=(AnyJson&&) noexcept = default;
AnyJson::~AnyJson() = default;

const json::Value& AnyJson::value() const {
  return value_.front();
}

Cell::Cell() = default;
Cell::Cell(const Cell&) = default;
Cell::Cell(Cell&&) noexcept = default;
Cell& Cell::operator=(const Cell&) = default;
Cell& Cell::operator=(Cell&&) noexcept = default;
Cell::~Cell() = default;

Cell::Cell(Flag flag) : CellValue(flag.value) {}
Cell::Cell(int value) : CellValue(std::int64_t{value}) {}
Cell::Cell(std::int64_t value) : CellValue(value) {}
Cell::Cell(double value) : CellValue(value) {}
Cell::Cell(const char* value) : CellValue(std::string(value)) {}
Cell::Cell(std::string_view value) : CellValue(std::string(value)) {}
Cell::Cell(std::string value) : CellValue(std::move(value)) {}
Cell::Cell(Instant value) : CellValue(value) {}
Cell::Cell(RecordReference value) : CellValue(value) {}
Cell::Cell(Ids value) : CellValue(std::move(value)) {}
Cell::Cell(Rows value) : CellValue(std::move(value)) {}
Cell::Cell(AnyJson value) : CellValue(std::move(value)) {}

Row::Row() = default;
Row::Row(const Row&) = default;
Row::Row(Row&&) noexcept = default;
Row& Row::operator=(const Row&) = default;
Row& Row::operator=(Row&&) noexcept = default;
Row::~Row() = default;

bool is_null(const Cell& cell) {
  return std::holds_alternative<std::monostate>(cell);
}

bool bool_or(const Cell& cell, bool fallback) {
  const bool* value = std::get_if<bool>(&cell);
  return value != nullptr ? *value : fallback;
}

std::int64_t int_or(const Cell& cell, std::int64_t fallback) {
  const std::int64_t* value = std::get_if<std::int64_t>(&cell);
  return value != nullptr ? *value : fallback;
}

double double_or(const Cell& cell, double fallback) {
  if (const double* value = std::get_if<double>(&cell)) return *value;
  if (const std::int64_t* value = std::get_if<std::int64_t>(&cell)) {
    return static_cast<double>(*value);
  }
  return fallback;
}

std::string text_or(const Cell& cell, std::string_view fallback) {
  const std::string* value = std::get_if<std::string>(&cell);
  return value != nullptr ? *value : std::string(fallback);
}

Instant instant_or(const Cell& cell, Instant fallback) {
  const Instant* value = std::get_if<Instant>(&cell);
  return value != nullptr ? *value : fallback;
}

std::int64_t reference_or(const Cell& cell, std::int64_t fallback) {
  const RecordReference* value = std::get_if<RecordReference>(&cell);
  return value != nullptr ? value->id : fallback;
}

// A page of 1,000 tickets has 10,000 of these: digits by hand take a tenth of what printf takes.
std::string to_text(Instant instant) {
  const auto day = std::chrono::floor<std::chrono::days>(instant);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(instant - day);
  std::string text = "0000-00-00T00:00:00Z";
  const auto put = [&](std::size_t end, unsigned number) {
    for (; number > 0; number /= 10) text[end--] = static_cast<char>('0' + number % 10);
  };
  put(3, static_cast<unsigned>(static_cast<int>(date.year())));
  put(6, static_cast<unsigned>(date.month()));
  put(9, static_cast<unsigned>(date.day()));
  put(12, static_cast<unsigned>(clock.hours().count()));
  put(15, static_cast<unsigned>(clock.minutes().count()));
  put(18, static_cast<unsigned>(clock.seconds().count()));
  return text;
}

std::string to_text(double number) {
  std::array<char, 512> text{};  // the largest double has 309 digits
  const auto written =
      std::to_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
  std::string shown(text.data(), written.ptr);
  if (shown.find('.') == std::string::npos) shown += ".0";
  return shown;
}

}  // namespace patchbay::sandbox
