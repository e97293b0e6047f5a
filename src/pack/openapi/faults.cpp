#include "pack/openapi/faults.h"

#include <algorithm>
#include <cstdint>
#include <tuple>
#include <utility>

namespace patchbay::openapi {
namespace {

constexpr std::size_t kMostTold = 50;  // of each kind: finding a line costs a walk over the text

// What stands here is nobody's schema, whatever it looks like.
bool is_no_schema(std::string_view key) {
  return key == "example" || key == "examples" || key == "default" || key == "enum" ||
         key == "const" || key.starts_with("x-");
}

class ReferenceCheck {
 public:
  ReferenceCheck(const Document& document, Faults& faults) : document_(document), faults_(faults) {}

  void walk(const json::Value& value) {
    if (const auto* list = value.if_array()) {
      for (std::size_t i = 0; i < list->size(); ++i) below(std::to_string(i), (*list)[i]);
    }
    const auto* object = value.if_object();
    if (object == nullptr) return;
    for (const auto& [key, inner] : *object) {
      const std::string* text = key == "$ref" ? inner.if_string() : nullptr;
      if (text != nullptr) {
        check(*text);
      } else if (!is_no_schema(key)) {
        below(key, inner);
      }
    }
  }

 private:
  void below(const std::string& key, const json::Value& value) {
    if (!value.is_object() && !value.is_array()) return;
    path_.push_back(key);
    walk(value);
    path_.pop_back();
  }

  void check(const std::string& reference) {
    if (document_.find(reference) != nullptr) return;
    std::string pointer;
    for (const std::string& part : path_) pointer += "/" + escape_pointer(part);
    const std::string shown = reference.substr(0, 200);
    if (reference.starts_with('#')) {
      faults_.error(pointer, "`$ref: " + shown + "` names nothing in this document",
                    "add what it names, or take the reference out");
    } else {
      faults_.error(pointer, "`$ref: " + shown + "` leads out of this document; nothing is fetched",
                    "bundle the document into one file first");
    }
  }

  const Document& document_;
  Faults& faults_;
  std::vector<std::string> path_;
};

}  // namespace

void Faults::add(std::string_view pointer, std::string message, std::string fix, bool warning) {
  if ((warning ? ++warnings_ : ++errors_) > kMostTold) return;
  problems_.push_back(
      {document_.file(), document_.line_of(pointer), std::move(message), std::move(fix), warning});
}

void Faults::error(std::string_view pointer, std::string message, std::string fix) {
  add(pointer, std::move(message), std::move(fix), false);
}

void Faults::warning(std::string_view pointer, std::string message, std::string fix) {
  add(pointer, std::move(message), std::move(fix), true);
}

std::vector<pack::Problem> Faults::take() {
  for (const bool warning : {false, true}) {
    const std::size_t all = warning ? warnings_ : errors_;
    if (all <= kMostTold) continue;
    problems_.push_back({document_.file(), 0, std::to_string(all - kMostTold) + " more like these",
                         "mend those that are told first", warning});
  }
  std::ranges::sort(problems_, {}, [](const pack::Problem& problem) {
    return std::tuple(problem.warning, problem.line == 0 ? SIZE_MAX : problem.line,
                      std::string_view(problem.message));
  });
  return std::exchange(problems_, {});
}

void check_references(const Document& document, Faults& faults) {
  ReferenceCheck(document, faults).walk(document.root());
}

}  // namespace patchbay::openapi
