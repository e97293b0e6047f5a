// The shaping kernel: upstream bytes to what a model needs, in one pass and without a tree.
//
// Numbers and strings leave byte for byte as they came. What goes: nulls, empty objects and arrays,
// and members marked as noise. What moves: facts inside `_info` go up to the record. References
// keep a few members. Every copied token is validated, since the simdjson walk alone would let
// "tru" or "01" through.
//
// Target: 1 GB/s of input per core (DESIGN 13); the micro-benchmark is shape_bench.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace patchbay::json {

// What to drop and keep. Data of an integration, compiled once.
struct ShapeRules {
  std::vector<std::string> noise_names;     // members dropped at any depth, by exact name
  std::vector<std::string> noise_suffixes;  // members dropped at any depth, by name's end ("_href")
  std::string info_name = "_info";          // the member that holds facts about the record
  std::vector<std::string> info_kept;       // its members that move up to the record
  // A nested object that has `info_name` and one of the last two of these is a reference: it keeps
  // these only.
  std::vector<std::string> reference_kept = {"id", "name", "identifier"};
  bool verbose = false;  // drop nulls only
};

class ShapePlan {
 public:
  explicit ShapePlan(ShapeRules rules);
  const ShapeRules& rules() const { return rules_; }

 private:
  ShapeRules rules_;
  friend class Shaper;
};

// One record of a list: where it stands in the input and in the output.
struct ShapedRecord {
  std::size_t source_begin = 0;
  std::size_t source_end = 0;
  std::size_t begin = 0;
  std::size_t end = 0;
};

// simdjson reads up to this many bytes beyond the end: `source` must have them allocated
// (their content does not matter). http::Client leaves this room behind every body.
inline constexpr std::size_t kPadding = 64;

// Shapes one JSON value (a record) and appends it to `out`.
// Errors: upstream (not JSON, or deeper than 64).
Result<> shape_record(std::string_view padded_source, const ShapePlan& plan, std::string& out);

// Shapes a JSON array of records, appends "[...]" to `out` and says where each record stands.
Result<std::vector<ShapedRecord>> shape_list(std::string_view padded_source, const ShapePlan& plan,
                                             std::string& out);

}  // namespace patchbay::json
