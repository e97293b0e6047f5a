// The paths of a document, one operation after the other.
#include <algorithm>
#include <array>
#include <optional>
#include <unordered_map>
#include <utility>

#include "base/text.h"
#include "pack/openapi/operation.h"
#include "pack/openapi/read_content.h"

namespace patchbay::openapi {
namespace {

using integration::Verb;

constexpr std::size_t kMaxOperations = 20'000;
constexpr std::size_t kMaxParameters = 300;  // of one operation
constexpr std::size_t kMaxPathBytes = 500;
constexpr std::size_t kMostLocated = 50;  // finding a line costs a walk over the text

constexpr std::array<std::pair<std::string_view, Verb>, 5> kVerbs = {{{"get", Verb::get},
                                                                      {"post", Verb::post},
                                                                      {"put", Verb::put},
                                                                      {"patch", Verb::patch},
                                                                      {"delete", Verb::delete_}}};

std::optional<Verb> verb_of(std::string_view key) {
  for (const auto& [name, verb] : kVerbs) {
    if (name == key) return verb;
  }
  return std::nullopt;
}

bool is_other_verb(std::string_view key) {
  return key == "head" || key == "options" || key == "trace";
}

std::optional<Place> place_of(std::string_view text) {
  if (text == "path") return Place::path;
  if (text == "query") return Place::query;
  if (text == "header") return Place::header;
  if (text == "cookie") return Place::cookie;
  return std::nullopt;
}

std::string upper(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return out;
}

// The schema of a parameter: its own member, that of its one content, or, in Swagger, itself.
const json::Value* schema_of(const json::Value& parameter, const json::Value& any) {
  if (const auto* schema = parameter.find("schema")) return schema;
  const auto* content = parameter.find("content");
  const auto* media = content != nullptr ? content->if_object() : nullptr;
  if (media != nullptr && !media->empty()) {
    const auto* schema = media->begin()->second.find("schema");
    return schema != nullptr ? schema : &any;
  }
  return &parameter;
}

class Reading {
 public:
  Reading(const Document& document, Faults& faults) : document_(document), faults_(faults) {}

  Operations read() {
    const auto* paths = document_.object_at("paths");
    if (paths == nullptr || paths->empty()) {
      faults_.error("", "the document has no paths", "give a document that describes operations");
      return std::move(out_);
    }
    out_.made.push_back(json::Object{{"type", "string"}});
    for (const auto& [path, item] : *paths) {
      if (!read_path(path, item)) break;
    }
    std::ranges::sort(out_.all, {}, [](const Operation& each) {
      return std::pair(each.path, static_cast<int>(each.verb));
    });
    return std::move(out_);
  }

 private:
  bool read_path(const std::string& path, const json::Value& given) {
    if (path.starts_with("x-")) return true;
    const std::string pointer = "/paths/" + escape_pointer(path);
    const json::Value* item = document_.follow(given);
    const auto* members = item != nullptr ? item->if_object() : nullptr;
    if (members == nullptr) {
      faults_.error(pointer, "the path is no object", "describe its operations below it");
      return true;
    }
    for (const auto& [key, value] : *members) {
      const auto verb = verb_of(key);
      if (!verb && !is_other_verb(key)) continue;
      if (++out_.in_document > kMaxOperations) {
        faults_.error(pointer, "more than 20,000 operations", "import a part of the document");
        return false;
      }
      const std::string place = pointer + "/" + key;
      if (!verb) {
        leave_out(upper(key) + " " + path, "answers with headers alone", place);
      } else if (path.size() > kMaxPathBytes || !path.starts_with('/')) {
        leave_out(upper(key) + " " + path.substr(0, 100),
                  path.starts_with('/') ? "its path is longer than 500 bytes"
                                        : "its path does not begin with /",
                  place);
      } else {
        read_operation(path, *verb, *item, value, place);
      }
    }
    return true;
  }

  void leave_out(std::string operation, std::string reason, std::string_view pointer) {
    out_.leave_out(document_, std::move(operation), std::move(reason), pointer);
  }

  void read_operation(const std::string& path, Verb verb, const json::Value& item,
                      const json::Value& given, const std::string& pointer) {
    if (!given.is_object()) {
      faults_.error(pointer, "the operation is no object", "describe it, or take it out");
      return;
    }
    Operation operation;
    operation.verb = verb;
    operation.path = path;
    operation.pointer = pointer;
    operation.summary = given.string_or("summary", "");
    operation.description = given.string_or("description", "");
    note_id(given, pointer);
    if (const auto* tags = given.find("tags"); tags != nullptr && tags->is_array()) {
      for (const json::Value& tag : *tags->if_array()) {
        if (const auto* text = tag.if_string(); text != nullptr && operation.tags.size() < 4) {
          operation.tags.push_back(*text);
        }
      }
    }
    std::vector<const json::Value*> form;
    // What the operation says of a parameter stands over what its path says.
    for (const json::Value* holder : {&given, &item}) {
      const auto* list = holder->find("parameters");
      if (list == nullptr || !list->is_array()) continue;
      for (const json::Value& each : *list->if_array()) {
        if (operation.parameters.size() + form.size() >= kMaxParameters) break;
        read_parameter(each, operation, form);
      }
    }
    read_body(document_, given, form, operation, out_.made);
    read_answer(document_, given, operation);
    out_.all.push_back(std::move(operation));
  }

  // Names come of the paths, so that nothing hangs on these; a person may want to know.
  void note_id(const json::Value& given, const std::string& pointer) {
    const auto id = given.string_or("operationId", "");
    if (id.empty() || ids_.emplace(id, pointer).second) return;
    faults_.warning(pointer,
                    "the operation id '" + std::string(id.substr(0, 100)) + "' stands there twice",
                    "give one of them another; tools are named by their paths");
  }

  void read_parameter(const json::Value& given, Operation& operation,
                      std::vector<const json::Value*>& form) {
    const json::Value* parameter = document_.follow(given);
    if (parameter == nullptr || !parameter->is_object()) return;
    const auto in = parameter->string_or("in", "");
    if (in == "body") {
      if (operation.body.form == BodyForm::none) {
        operation.body.form = BodyForm::json;
        operation.body.schema = parameter->find("schema");
        operation.body.required = parameter->bool_or("required", false);
      }
      return;
    }
    if (in == "formData") {
      form.push_back(parameter);
      return;
    }
    const auto place = place_of(in);
    const auto name = parameter->string_or("name", "");
    if (!place || name.empty() || operation.parameter(name, *place) != nullptr) return;
    operation.parameters.push_back(
        {name, *place, *place == Place::path || parameter->bool_or("required", false),
         parameter->string_or("description", ""), schema_of(*parameter, out_.made.front())});
  }

  const Document& document_;
  Faults& faults_;
  Operations out_;
  std::unordered_map<std::string_view, std::string> ids_;
};

}  // namespace

const Parameter* Operation::parameter(std::string_view name, Place place) const {
  const auto found = std::ranges::find_if(
      parameters, [&](const Parameter& each) { return each.place == place && each.name == name; });
  return found == parameters.end() ? nullptr : &*found;
}

void Operations::leave_out(const Document& document, std::string operation, std::string reason,
                           std::string_view pointer) {
  const std::size_t line = left_out.size() < kMostLocated ? document.line_of(pointer) : 0;
  left_out.push_back({std::move(operation), std::move(reason), line});
}

Operations read_operations(const Document& document, Faults& faults) {
  return Reading(document, faults).read();
}

std::string_view verb_name(Verb verb) {
  return std::ranges::find(kVerbs, verb, &std::pair<std::string_view, Verb>::second)->first;
}

std::string told(const Operation& operation) {
  return upper(verb_name(operation.verb)) + " " + std::string(operation.path);
}

}  // namespace patchbay::openapi
