// One value of a record. Records are rows of cells in the order of their resource's fields: a
// ticket takes about 5 KB so, a tenth of what the same record takes as a tree of named JSON values.
#pragma once

#include <chrono>
#include <compare>
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace patchbay::json {
class Value;
}

namespace patchbay::sandbox {

// The API knows whole seconds only.
using Instant = std::chrono::sys_seconds;

// The id of a record of the resource that the field names. What the API shows of it (name,
// identifier, links) is read from that record whenever it is shown.
struct RecordReference {
  std::int64_t id = 0;
  auto operator<=>(const RecordReference&) const = default;
};

using Ids = std::vector<std::int64_t>;
struct Row;
using Rows = std::vector<Row>;  // a child collection that lives inside its record

// JSON as it came.
class AnyJson {
 public:
  explicit AnyJson(json::Value value);
  AnyJson(const AnyJson&);
  AnyJson(AnyJson&&) noexcept;
  AnyJson& operator=(const AnyJson&);
  AnyJson& operator=(AnyJson&&) noexcept;
  ~AnyJson();
  const json::Value& value() const;

 private:
  std::vector<json::Value> value_;  // one; a vector, since a cell need not know what JSON is
};

using CellValue = std::variant<std::monostate, bool, std::int64_t, double, std::string, Instant,
                               RecordReference, Ids, Rows, AnyJson>;

// A variant whose making, copying and clearing is compiled once: two thirds of the sandbox's files
// do that with cells, and it was a third of what they cost to compile.
class Cell : public CellValue {
 public:
  Cell();  // null
  Cell(const Cell&);
  Cell(Cell&&) noexcept;
  Cell& operator=(const Cell&);
  Cell& operator=(Cell&&) noexcept;
  ~Cell();

  // A template, so that no pointer turns into true.
  template <std::same_as<bool> T>
  Cell(T value) : Cell(Flag{value}) {}
  Cell(int value);
  Cell(std::int64_t value);
  Cell(double value);
  Cell(const char* value);
  Cell(std::string value);
  Cell(std::string_view value);
  Cell(Instant value);
  template <class Duration>
  Cell(std::chrono::sys_time<Duration> value) : Cell(Instant(value)) {}  // a day
  Cell(RecordReference value);
  Cell(Ids value);
  Cell(Rows value);
  Cell(AnyJson value);

 private:
  struct Flag {
    bool value;
  };
  explicit Cell(Flag flag);
};

// Cells in the order of their fields.
struct Row {
  Row();
  Row(const Row&);
  Row(Row&&) noexcept;
  Row& operator=(const Row&);
  Row& operator=(Row&&) noexcept;
  ~Row();

  std::vector<Cell> cells;
};

bool is_null(const Cell& cell);

// The value if the cell holds that kind, else the fallback.
bool bool_or(const Cell& cell, bool fallback);
std::int64_t int_or(const Cell& cell, std::int64_t fallback);
double double_or(const Cell& cell, double fallback);  // also of a whole number
std::string text_or(const Cell& cell, std::string_view fallback);
Instant instant_or(const Cell& cell, Instant fallback);
std::int64_t reference_or(const Cell& cell, std::int64_t fallback);

// "2026-11-22T14:03:05Z". For years 0 to 9999.
std::string to_text(Instant instant);

// A decimal as the API writes it: never with an exponent, with ".0" where it is whole.
std::string to_text(double number);

}  // namespace patchbay::sandbox
