// Schemas as clients accept them (docs/decisions/0004): one type each, nothing combined, nothing
// referred to, bounded.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "json/value.h"
#include "pack/openapi/gathered.h"

namespace patchbay::openapi {

inline constexpr std::size_t kMaxShownValues = 60;        // of an enumeration
inline constexpr std::size_t kMaxArgumentNameBytes = 56;  // a word or a number may be added

// Whether it is sent, then what is read only is left out of it; or received.
enum class Use : std::uint8_t { sent, received };

class PlainSchemas {
 public:
  PlainSchemas(const Document& document, Work& work) : gatherer_(document, work) {}

  // `depth`: how many objects and lists stand around it.
  json::Value plain(const json::Value& schema, Use use, std::size_t depth = 0);
  json::Value plain(const Gathered& gathered, Use use, std::size_t depth = 0);
  Gatherer& gatherer() { return gatherer_; }

  // Call before each tool: what one may hold at most is counted from here.
  void begin_tool() { emitted_ = 0; }

 private:
  void add_members(const Gathered& gathered, Use use, std::size_t depth, json::Value& out);

  Gatherer gatherer_;
  std::size_t emitted_ = 0;
};

// What is said of it in one line, with what its schema cannot say.
std::string description_of(const Gathered& gathered, std::size_t max_bytes);
// Whether a tool may have an argument of this name, or a part of an argument.
bool is_usable_name(std::string_view name);

}  // namespace patchbay::openapi
