#include "pack/openapi/read_content.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace patchbay::openapi {
namespace {

// "application/json; charset=utf-8" → "application/json"
std::string media_of(std::string_view text) {
  return to_lower(trim(text.substr(0, text.find(';'))));
}

bool is_json(std::string_view media) {
  return media == "application/json" || media == "text/json" || media == "*/*" || media.empty() ||
         media.ends_with("+json");
}

bool is_json_patch(std::string_view media) {
  return media == "application/json-patch+json";
}

bool is_success(std::string_view status) {
  return status.starts_with('2') || status == "default";
}

// A list of objects with `op` and `path` is JSON Patch, whatever its media type.
bool is_list_of_changes(const Document& document, const json::Value* schema) {
  const json::Value* list = schema != nullptr ? document.follow(*schema) : nullptr;
  if (list == nullptr || list->string_or("type", "") != "array") return false;
  const json::Value* items = list->find("items");
  const json::Value* change = items != nullptr ? document.follow(*items) : nullptr;
  const json::Value* members = change != nullptr ? change->find("properties") : nullptr;
  return members != nullptr && members->find("op") != nullptr && members->find("path") != nullptr;
}

// JSON before a form, a form before what no tool sends.
int preference(std::string_view media) {
  if (media == "application/json") return 0;
  if (is_json_patch(media)) return 2;
  if (is_json(media)) return 1;
  if (media == "multipart/form-data") return 3;
  return 4;
}

void take_media(std::string_view media, const json::Value* schema, Body& body) {
  body.media = media;
  body.schema = schema;
  if (is_json_patch(media)) {
    body.form = BodyForm::json_patch;
  } else if (is_json(media)) {
    body.form = BodyForm::json;
  } else {
    body.form = media == "multipart/form-data" ? BodyForm::multipart : BodyForm::other;
  }
}

void read_content(const json::Value& content, Body& body) {
  const auto* forms = content.if_object();
  if (forms == nullptr) return;
  int best = 5;
  for (const auto& [text, form] : *forms) {
    const std::string media = media_of(text);
    if (preference(media) >= best) continue;
    best = preference(media);
    take_media(media, form.find("schema"), body);
  }
}

std::string consumed(const Document& document, const json::Value& given) {
  const json::Value* list = given.find("consumes");
  if (list == nullptr) list = document.root().find("consumes");
  if (list == nullptr || !list->is_array() || list->if_array()->empty()) return {};
  const auto* first = list->if_array()->front().if_string();
  return first != nullptr ? media_of(*first) : std::string();
}

// Swagger's parts of a form, as the schema that OpenAPI has for them.
void read_form(const std::vector<const json::Value*>& form, Body& body,
               std::deque<json::Value>& made) {
  json::Object properties;
  json::Array required;
  bool has_file = false;
  for (const json::Value* part : form) {
    const std::string name(part->string_or("name", ""));
    if (name.empty() || properties.contains(name)) continue;
    has_file |= part->string_or("type", "") == "file";
    json::Object schema = *part->if_object();
    if (part->bool_or("required", false)) required.emplace_back(name);
    schema.erase("required");  // a flag there, a list of names in a schema
    properties.append(name, std::move(schema));
  }
  made.push_back(json::Object{{"type", "object"},
                              {"properties", std::move(properties)},
                              {"required", std::move(required)}});
  body.schema = &made.back();
  body.required = true;
  body.form = has_file ? BodyForm::multipart : BodyForm::other;
  body.media = has_file ? "multipart/form-data" : "application/x-www-form-urlencoded";
}

bool is_binary(const Document& document, const json::Value* schema) {
  const json::Value* end = schema != nullptr ? document.follow(*schema) : nullptr;
  return end != nullptr &&
         (end->string_or("type", "") == "file" || end->string_or("format", "") == "binary");
}

bool has_link(const json::Value& response) {
  const json::Value* headers = response.find("headers");
  const auto* list = headers != nullptr ? headers->if_object() : nullptr;
  return list != nullptr && std::ranges::any_of(*list, [](const auto& header) {
           return equal_ignoring_case(header.first, "link");
         });
}

}  // namespace

void read_body(const Document& document, const json::Value& given,
               const std::vector<const json::Value*>& form, Operation& operation,
               std::deque<json::Value>& made) {
  Body& body = operation.body;
  const json::Value* request = given.find("requestBody");
  if (request != nullptr) request = document.follow(*request);
  if (request != nullptr) {
    body.required = request->bool_or("required", false);
    if (const auto* content = request->find("content")) read_content(*content, body);
  } else if (!form.empty()) {
    read_form(form, body, made);
  } else if (body.form == BodyForm::json) {
    take_media(consumed(document, given), body.schema, body);
  }
  if (body.form == BodyForm::json && is_list_of_changes(document, body.schema)) {
    body.form = BodyForm::json_patch;
  }
}

void read_answer(const Document& document, const json::Value& given, Operation& operation) {
  const json::Value* responses = given.find("responses");
  const auto* all = responses != nullptr ? responses->if_object() : nullptr;
  if (all == nullptr) return;
  Answer& answer = operation.answer;
  bool has_json = false;
  bool has_other = false;
  for (const auto& [status, entry] : *all) {
    const json::Value* response = is_success(status) ? document.follow(entry) : nullptr;
    // What "default" describes is an error as often as not.
    if (response == nullptr || (status == "default" && (has_json || has_other))) continue;
    answer.has_link_header |= has_link(*response);
    if (const json::Value* schema = response->find("schema")) {
      (is_binary(document, schema) ? has_other : has_json) = true;
      if (answer.schema == nullptr) answer.schema = schema;
    }
    const json::Value* content = response->find("content");
    const auto* forms = content != nullptr ? content->if_object() : nullptr;
    if (forms == nullptr) continue;
    for (const auto& [media, form] : *forms) {
      const json::Value* schema = form.find("schema");
      const bool json = is_json(media_of(media)) && !is_binary(document, schema);
      (json ? has_json : has_other) = true;
      if (json && answer.schema == nullptr) answer.schema = schema;
    }
  }
  answer.is_file = has_other && !has_json;
  if (answer.is_file) answer.schema = nullptr;
}

}  // namespace patchbay::openapi
