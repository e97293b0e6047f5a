// A value of a column, as both databases know it.
#pragma once

#include <cstdint>
#include <string>

namespace patchbay::store {

struct Cell {
  enum class Type : std::uint8_t { null, integer, text, blob };
  Type type = Type::null;
  std::int64_t integer = 0;
  std::string bytes;  // of text and blob
  bool operator==(const Cell&) const = default;
};

}  // namespace patchbay::store
