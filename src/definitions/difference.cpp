#include "definitions/difference.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <iterator>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "json/write.h"

namespace patchbay::definitions {
namespace {

// Deeper ones are compared as a whole.
constexpr int kDeepestTold = 4;
constexpr std::size_t kLongestValue = 60;

// A bound, and whether a larger number allows less.
struct Bound {
  std::string_view key;
  bool is_least;
};
constexpr std::array<Bound, 8> kBounds{{{"minimum", true},
                                        {"maximum", false},
                                        {"exclusiveMinimum", true},
                                        {"exclusiveMaximum", false},
                                        {"minLength", true},
                                        {"maxLength", false},
                                        {"minItems", true},
                                        {"maxItems", false}}};

std::string shown(const json::Value* value) {
  if (value == nullptr) return "nothing";
  std::string text = json::to_string(*value);
  if (text.size() > kLongestValue) text = std::string(cut_utf8(text, kLongestValue)) + "…";
  return text;
}

double number(const json::Value& value) {
  return std::strtod(json::to_string(value).c_str(), nullptr);
}

bool same(const json::Value* a, const json::Value* b) {
  if (a == nullptr || b == nullptr) return a == b;
  return *a == *b;
}

bool holds(const json::Value* array, const json::Value& value) {
  const json::Array* const values = array != nullptr ? array->if_array() : nullptr;
  return values != nullptr && std::ranges::find(*values, value) != values->end();
}

// Of one array, what the other does not have.
std::string beyond(const json::Value& array, const json::Value& other) {
  std::string names;
  for (const json::Value& value : *array.if_array()) {
    if (holds(&other, value)) continue;
    if (!names.empty()) names += ", ";
    names += shown(&value);
  }
  return names;
}

// Sentences about one tool.
class Words {
 public:
  void breaks(std::string sentence) { breaking_.push_back(std::move(sentence)); }
  void tell(std::string sentence) { others_.push_back(std::move(sentence)); }

  bool any() const { return !breaking_.empty() || !others_.empty(); }
  ToolChange take(std::string tool) {
    ToolChange change{.tool = std::move(tool), .is_breaking = !breaking_.empty(), .what = {}};
    std::vector<std::string>& all = change.what;
    all = std::move(breaking_);
    std::ranges::move(others_, std::back_inserter(all));
    if (all.size() > kMostWords) {
      const std::size_t more = all.size() - (kMostWords - 1);
      all.resize(kMostWords - 1);
      all.push_back("And " + std::to_string(more) + " more.");
    }
    return change;
  }

 private:
  std::vector<std::string> breaking_;
  std::vector<std::string> others_;
};

void compare_schemas(const std::string& name, const json::Value& before, const json::Value& after,
                     int depth, Words& words);

void compare_types(const std::string& name, const json::Value& before, const json::Value& after,
                   Words& words) {
  const json::Value* const was = before.find("type");
  const json::Value* const is = after.find("type");
  if (same(was, is)) return;
  const std::string sentence = name + " is " + shown(is) + " now, and was " + shown(was) + ".";
  const bool is_wider = is == nullptr || (before.string_or("type", "") == "integer" &&
                                          after.string_or("type", "") == "number");
  if (is_wider) {
    words.tell(sentence);
  } else {
    words.breaks(sentence);
  }
}

void compare_values(const std::string& name, const json::Value& before, const json::Value& after,
                    Words& words) {
  const json::Value* const was = before.find("enum");
  const json::Value* const is = after.find("enum");
  if (same(was, is)) return;
  const bool both = was != nullptr && is != nullptr && was->is_array() && is->is_array();
  if (!both) {
    if (is != nullptr) return words.breaks(name + " takes only these now: " + shown(is) + ".");
    return words.tell(name + " takes any value now.");
  }
  if (const auto gone = beyond(*was, *is); !gone.empty()) {
    words.breaks(name + " no longer takes " + gone + ".");
  }
  if (const auto come = beyond(*is, *was); !come.empty()) {
    words.tell(name + " takes " + come + " as well.");
  }
}

void compare_bounds(const std::string& name, const json::Value& before, const json::Value& after,
                    Words& words) {
  for (const Bound& bound : kBounds) {
    const json::Value* const was = before.find(bound.key);
    const json::Value* const is = after.find(bound.key);
    if (same(was, is)) continue;
    const std::string sentence = name + " has " + std::string(bound.key) + " " + shown(is) +
                                 " now, and had " + shown(was) + ".";
    const bool is_wider =
        is == nullptr || (was != nullptr && (bound.is_least ? number(*is) <= number(*was)
                                                            : number(*is) >= number(*was)));
    if (is_wider) {
      words.tell(sentence);
    } else {
      words.breaks(sentence);
    }
  }
  for (const std::string_view key : {"pattern", "format"}) {
    const json::Value* const was = before.find(key);
    const json::Value* const is = after.find(key);
    if (same(was, is)) continue;
    const std::string sentence = name + " has the " + std::string(key) + " " + shown(is) +
                                 " now, and had " + shown(was) + ".";
    if (is == nullptr) {
      words.tell(sentence);
    } else {
      words.breaks(sentence);
    }
  }
}

// Of an object: the tool's own arguments, or what stands within one of them.
void compare_members(const std::string& within, const json::Value& before, const json::Value& after,
                     int depth, Words& words) {
  const json::Value* const was = before.find("properties");
  const json::Value* const is = after.find("properties");
  const json::Object* const old_ones = was != nullptr ? was->if_object() : nullptr;
  const json::Object* const new_ones = is != nullptr ? is->if_object() : nullptr;
  const json::Value* const was_required = before.find("required");
  const json::Value* const is_required = after.find("required");
  const auto called = [&](const std::string& name) { return "'" + within + name + "'"; };
  if (old_ones != nullptr) {
    for (const auto& [name, schema] : *old_ones) {
      const json::Value* const now = new_ones != nullptr ? new_ones->find(name) : nullptr;
      if (now == nullptr) {
        words.breaks(called(name) + " is not taken any more.");
        continue;
      }
      const json::Value key(name);
      if (holds(is_required, key) && !holds(was_required, key)) {
        words.breaks(called(name) + " must be given now.");
      } else if (holds(was_required, key) && !holds(is_required, key)) {
        words.tell(called(name) + " may be left out now.");
      }
      compare_schemas(within + name, schema, *now, depth, words);
    }
  }
  if (new_ones == nullptr) return;
  for (const auto& [name, schema] : *new_ones) {
    if (old_ones != nullptr && old_ones->contains(name)) continue;
    if (holds(is_required, json::Value(name))) {
      words.breaks(called(name) + " is new, and must be given.");
    } else {
      words.tell(called(name) + " may be given as well.");
    }
  }
}

void compare_schemas(const std::string& name, const json::Value& before, const json::Value& after,
                     int depth, Words& words) {
  if (before == after) return;
  const std::string called = "'" + name + "'";
  if (depth >= kDeepestTold) return words.breaks(called + " is another within.");
  compare_types(called, before, after, words);
  compare_values(called, before, after, words);
  compare_bounds(called, before, after, words);
  compare_members(name + ".", before, after, depth + 1, words);
  const json::Value* const was = before.find("items");
  const json::Value* const is = after.find("items");
  if (was != nullptr && is != nullptr) {
    compare_schemas(name + "[]", *was, *is, depth + 1, words);
  } else if (is != nullptr) {
    words.breaks(called + " takes only certain items now.");
  }
  if (!same(before.find("default"), after.find("default"))) {
    words.tell(called + " is " + shown(after.find("default")) + " where it is not given, and was " +
               shown(before.find("default")) + ".");
  }
  if (!same(before.find("description"), after.find("description"))) {
    words.tell(called + " is described otherwise.");
  }
}

// What a client was told of it, and may have let its user approve once and for all.
void compare_annotations(const integration::Annotations& before,
                         const integration::Annotations& after, Words& words) {
  if (before.read_only && !after.read_only) words.breaks("It no longer only reads.");
  if (!before.read_only && after.read_only) words.tell("It only reads now.");
  if (!before.destructive && after.destructive) words.breaks("It may destroy now.");
  if (before.destructive && !after.destructive) words.tell("It no longer destroys.");
  if (before.idempotent && !after.idempotent) {
    words.breaks("Calling it twice no longer is the same as once.");
  }
  if (!before.idempotent && after.idempotent)
    words.tell("Calling it twice is the same as once now.");
  if (before.open_world != after.open_world) words.tell("Its reach is told otherwise.");
}

Words compare(const catalog::Tool& before, const catalog::Tool& after) {
  Words words;
  compare_members("", before.input_schema(), after.input_schema(), 0, words);
  compare_annotations(before.method->annotations, after.method->annotations, words);
  if (before.tags != after.tags) {
    std::vector<std::string> gone;
    for (const std::string& tag : before.tags) {
      if (std::ranges::find(after.tags, tag) == after.tags.end()) gone.push_back(tag);
    }
    if (gone.empty()) {
      words.tell("It has the tags " + join(after.tags) + " now.");
    } else {
      words.breaks("It is not tagged " + join(gone) + " any more.");
    }
  }
  if (before.method->verb != after.method->verb ||
      before.method->path.text() != after.method->path.text()) {
    words.tell("It is sent to " + std::string(after.method->path.text()) + " now, and was to " +
               std::string(before.method->path.text()) + ".");
  }
  if (before.title != after.title) words.tell("Its title is another.");
  if (before.description != after.description) words.tell("Its description is another.");
  return words;
}

}  // namespace

bool Difference::is_breaking() const {
  return !removed.empty() || std::ranges::any_of(changed, &ToolChange::is_breaking);
}

Difference difference(const catalog::ToolCatalog* before, const catalog::ToolCatalog& after) {
  Difference out;
  for (const auto& tool : after.tools()) {
    const catalog::Tool* const was = before != nullptr ? before->find(tool->name) : nullptr;
    if (was == nullptr) {
      out.added.push_back(tool->name);
      continue;
    }
    if (Words words = compare(*was, *tool); words.any()) {
      out.changed.push_back(words.take(tool->name));
    }
  }
  if (before == nullptr) return out;
  for (const auto& tool : before->tools()) {
    if (after.find(tool->name) == nullptr) out.removed.push_back(tool->name);
  }
  return out;
}

}  // namespace patchbay::definitions
