// One value of a record. Records are rows of cells in the order of their resource's fields: a
// ticket takes about 5 KB so, a tenth of what the same record takes as a tree of named JSON values.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "json/value.h"

namespace patchbay::sandbox {

// The API knows whole seconds only.
using Instant = std::chrono::sys_seconds;

// The id of a record of the resource that the field names. What the API shows of it (name,
// identifier, links) is read from that record whenever it is shown.
struct Reference {
  std::int64_t id = 0;
  auto operator<=>(const Reference&) const = default;
};

using Ids = std::vector<std::int64_t>;
struct Row;
using Rows = std::vector<Row>;  // a child collection that lives inside its record
using AnyJson = std::shared_ptr<const json::Value>;

using Cell = std::variant<std::monostate, bool, std::int64_t, double, std::string, Instant,
                          Reference, Ids, Rows, AnyJson>;

struct Row {
  std::vector<Cell> cells;
};

inline bool is_null(const Cell& cell) {
  return std::holds_alternative<std::monostate>(cell);
}

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
