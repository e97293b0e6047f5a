// One operation of a document, as both OpenAPI and Swagger say it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "integration/model.h"
#include "json/value.h"
#include "pack/openapi/document.h"
#include "pack/openapi/faults.h"

namespace patchbay::openapi {

enum class Place : std::uint8_t { path, query, header, cookie };

struct Parameter {
  std::string_view name;
  Place place = Place::query;
  bool required = false;
  std::string_view description;
  const json::Value* schema = nullptr;  // never null
};

enum class BodyForm : std::uint8_t {
  none,
  json,
  json_patch,  // a list of changes (RFC 6902)
  multipart,
  other,  // what no tool can send: `media` says what
};

struct Body {
  BodyForm form = BodyForm::none;
  std::string media;
  bool required = false;
  const json::Value* schema = nullptr;  // null: it is not described
};

struct Answer {
  const json::Value* schema = nullptr;  // of a success in JSON; null: it is not described
  bool is_file = false;
  bool has_link_header = false;
};

struct Operation {
  integration::Verb verb = integration::Verb::get;
  std::string_view path;  // as the document has it
  std::string pointer;    // where it stands
  std::string_view summary;
  std::string_view description;
  std::vector<std::string_view> tags;
  std::vector<Parameter> parameters;
  Body body;
  Answer answer;

  const Parameter* parameter(std::string_view name, Place place) const;
};

// What makes no tool, and why.
struct LeftOut {
  std::string operation;  // "HEAD /things"
  std::string reason;
  std::size_t line = 0;
};

struct Operations {
  std::vector<Operation> all;  // by path, then by verb, whatever order the document has
  std::vector<LeftOut> left_out;
  std::size_t in_document = 0;
  std::deque<json::Value> made;  // schemas that the document says in other words

  // `pointer`: where it stands. Of many, only the first are told with their line.
  void leave_out(const Document& document, std::string operation, std::string reason,
                 std::string_view pointer);
};

Operations read_operations(const Document& document, Faults& faults);

// "GET /things/{id}"
std::string told(const Operation& operation);
std::string_view verb_name(integration::Verb verb);

}  // namespace patchbay::openapi
