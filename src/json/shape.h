// The shaping kernel: upstream bytes to what a model needs, in one pass and without a tree.
//
// Numbers and strings leave byte for byte as they came. What goes, at any depth: nulls (members and
// elements), objects and arrays that are empty or become so, and members marked as noise. What
// moves: facts inside `_info` go up to the object that it describes. References keep a few members,
// and custom fields become an object of values by caption.
// Every copied token is validated; what is dropped is only skipped over.
//
// Target: 1 GB/s of input per core (DESIGN 13); the micro-benchmark is shape_bench.cpp. How it gets
// there is told at the top of shape.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace patchbay::json {

// An array of {"id": 4, "caption": "Region", "value": "North", …} becomes {"Region": "North"}, at
// any depth but inside such a value. The first of a caption goes by it alone, whether it has a
// value or not, and a later one by "Region (4)"; what still has the name of one before goes. An
// entry without a text as caption goes; if all do, so does the whole.
struct CustomFieldRules {
  std::string field;  // the member that holds the array; empty: there is none
  std::string caption;
  std::string value;
  std::string id;
};

// What to drop and keep. Data of an integration, compiled once. Names are compared as they stand in
// the source: no API escapes the letters of its members' names.
struct ShapeRules {
  std::vector<std::string> noise_names;     // members dropped at any depth, by exact name
  std::vector<std::string> noise_suffixes;  // members dropped at any depth, by name's end ("_href")
  std::string info_name;                    // the member that holds facts about its object, if any
  // Its members that move up to that object, unless that has one of the same name; at most 64, and
  // none that is noise. The rest of it goes.
  std::vector<std::string> info_kept;
  // A nested object that has `info_name` and one of the last two of these is a reference: it keeps
  // these only.
  std::vector<std::string> reference_kept;
  CustomFieldRules custom_fields;
  bool verbose = false;  // drop nulls only; the rest stays, also what is empty
};

class ShapePlan {
 public:
  explicit ShapePlan(ShapeRules rules);
  const ShapeRules& rules() const { return rules_; }

 private:
  friend class Shaper;

  // What is known of a member by its name alone. Small and of one size with what surrounds it, so
  // that it travels in a register: read back in other portions than it was written, it costs a
  // stall of 15 cycles a member.
  struct NameFacts {
    std::uint8_t is = 0;         // of the bits below
    std::uint8_t info_kept = 0;  // 1 + place in info_kept

    static constexpr std::uint8_t kNoise = 1;
    static constexpr std::uint8_t kInfo = 2;
    static constexpr std::uint8_t kReferenceKept = 4;
    static constexpr std::uint8_t kReferenceMark = 8;  // makes an object with `info` a reference
    static constexpr std::uint8_t kCustomFields = 16;

    bool noise() const { return (is & kNoise) != 0; }
    bool info() const { return (is & kInfo) != 0; }
    bool reference_kept() const { return (is & kReferenceKept) != 0; }
    bool reference_mark() const { return (is & kReferenceMark) != 0; }
    bool custom_fields() const { return (is & kCustomFields) != 0; }
  };
  static constexpr std::size_t kFree = ~std::size_t{0};
  struct Slot {
    std::uint64_t start = 0;   // the first bytes of the name, as home_of sees them
    std::uint64_t end = 0;     // its last eight, if it has more than eight
    std::size_t size = kFree;  // of the name
    NameFacts facts;
    std::string name;
  };

  // `name` is readable 8 bytes beyond its begin, whatever its length.
  NameFacts look_up(const char* name, std::size_t size) const;
  NameFacts& slot_for(std::string_view name);
  std::size_t home_of(std::uint64_t start, std::size_t size) const;
  bool ends_in_noise(std::string_view name) const;
  bool has_noise_suffix(std::string_view name) const;

  ShapeRules rules_;
  std::vector<Slot> slots_;     // open addressing, a power of two, at most a quarter full
  std::size_t mask_ = 0;        // how many slots there are, less one
  bool suffix_ends_[256] = {};  // last bytes of noise suffixes
};

// One record of a list: where it stands in the input and in the output, both of which are shorter
// than 4 GB. Small, since a hostile list has one for every three bytes, and giving them back takes
// its time.
struct ShapedRecord {
  std::uint32_t source_begin = 0;
  std::uint32_t source_end = 0;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

// The walk reads up to this many bytes beyond the end: `padded_source` must have them allocated
// (their content does not matter; a text that no zero follows is copied first). http::Client leaves
// this room behind every body.
inline constexpr std::size_t kPadding = 64;

// Shapes one JSON value and appends it to `out`: a record, or an array of records (of which it
// tells less than shape_list). A record that becomes empty stays `{}`.
// Errors: upstream (not JSON, or nested deeper than 64); `out` is then as it was.
Result<> shape_record(std::string_view padded_source, const ShapePlan& plan, std::string& out);

// Shapes a JSON array of records, appends "[...]" to `out` and says where each record stands
// (in the whole of `out`). Elements that are null are no records and go; `nulls` says how many.
Result<std::vector<ShapedRecord>> shape_list(std::string_view padded_source, const ShapePlan& plan,
                                             std::string& out, std::size_t* nulls = nullptr);

}  // namespace patchbay::json
