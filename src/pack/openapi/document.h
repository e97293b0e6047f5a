// A description of an API as it came: OpenAPI 3.0 and 3.1, or Swagger 2.0, in JSON or YAML. Hostile
// until checked: bounded in size, depth and entries; a `$ref` leads nowhere but into the document.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "json/value.h"
#include "pack/loader.h"
#include "yaml/yaml.h"

namespace patchbay::openapi {

inline constexpr std::size_t kMaxDocumentBytes = 32 << 20;

class Document {
 public:
  // `file` is what problems call it. The text outlives the document.
  static std::expected<Document, pack::Problem> parse(std::string_view text, std::string file);

  const json::Value& root() const { return root_; }
  const std::string& file() const { return file_; }
  bool is_swagger() const { return is_swagger_; }

  // What a JSON pointer into the document finds ("#/components/schemas/Board"); null: nothing, or
  // no place of this document. Takes constant time for one that was asked for before.
  const json::Value* find(std::string_view reference) const;
  // Where `$ref`s end, that begin at the value; null where they go in a circle or nowhere.
  // `name`, if given, is set to the last part of the last one.
  const json::Value* follow(const json::Value& value, std::string_view* name = nullptr) const;
  // A member of the root, then of that, …; an object, or null.
  const json::Object* object_at(std::string_view first, std::string_view second = {}) const;

  // The line on which what the JSON pointer ("/paths/~1me") names begins; 0 if there is no such.
  std::size_t line_of(std::string_view pointer) const;

 private:
  Document() = default;
  const json::Value* member(const json::Object& object, std::string_view key) const;

  std::string file_;
  std::string_view text_;
  json::Value root_;
  std::optional<yaml::Node> lines_;  // of a document in YAML
  bool is_swagger_ = false;
  // Look-ups that were made: the references, and the members of objects that have many.
  mutable std::unordered_map<std::string_view, const json::Value*> found_;
  mutable std::unordered_map<const json::Object*,
                             std::unordered_map<std::string_view, const json::Value*>>
      many_;
};

// Part of a JSON pointer: "~1paths" for "/paths".
std::string escape_pointer(std::string_view part);

}  // namespace patchbay::openapi
