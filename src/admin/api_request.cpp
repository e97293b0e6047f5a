#include "admin/api_request.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "admin/openapi.h"
#include "admin/operation.h"
#include "base/nearest.h"
#include "base/text.h"
#include "control/members.h"
#include "http/status.h"
#include "http/url.h"
#include "json/mend.h"
#include "json/parse.h"

namespace patchbay::admin {
namespace {

constexpr std::size_t kLongestId = 128;

Refusal refuse(Error error) {
  const int status = http::status_of(error.code);
  return {status, std::move(error)};
}

bool is_id(std::string_view text) {
  return !text.empty() && text.size() <= kLongestId && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
}

// The names of ":id"s in a pattern.
std::vector<std::string_view> parameters_of(std::string_view pattern) {
  std::vector<std::string_view> names;
  for (const std::string_view segment : split(pattern, '/')) {
    if (segment.starts_with(':')) names.push_back(segment.substr(1));
  }
  return names;
}

std::optional<Refusal> read_path(const Operation& operation, const http::PathParameters& path,
                                 ApiRequest& checked) {
  for (const std::string_view name : parameters_of(operation.route.pattern)) {
    const std::string_view value = path[name];
    // What cannot be an id names nothing; it is not repeated either.
    if (!is_id(value)) return refuse({ErrorCode::not_found, "There is no such thing.", {}});
    checked.path.emplace(name, value);
  }
  return {};
}

std::optional<Refusal> read_query(const Operation& operation, const http::Request& request,
                                  ApiRequest& checked) {
  const auto pairs = http::parse_query(request.query);
  if (!pairs) {
    return refuse({ErrorCode::invalid_argument, "The query is not correctly encoded.", {}});
  }
  std::vector<std::string> known;
  known.reserve(operation.query.size());
  for (const QueryParameter& parameter : operation.query) known.emplace_back(parameter.name);
  for (const auto& [name, value] : *pairs) {
    if (std::ranges::find(known, name) == known.end()) {
      const auto near = nearest(name, known, 1);
      std::string hint = known.empty() ? "It takes none." : "Known: " + join(known) + ".";
      if (!near.empty()) hint.insert(0, "Did you mean '" + near.front() + "'? ");
      return refuse({ErrorCode::invalid_argument,
                     "Unknown query parameter '" + std::string(cut_utf8(name, 100)) + "'.", hint});
    }
    if (!is_valid_utf8(value)) {
      return refuse({ErrorCode::invalid_argument, "'" + name + "' is not valid UTF-8.", {}});
    }
    const auto parameter = std::ranges::find(operation.query, name, &QueryParameter::name);
    if (parameter->chooses && value.find_first_not_of(", \t") == std::string::npos) {
      return refuse({ErrorCode::invalid_argument, "'" + name + "' is empty.",
                     "Leave it out to choose all; name at least one to choose some."});
    }
    if (!checked.query.emplace(name, value).second) {
      return refuse({ErrorCode::invalid_argument, "'" + name + "' is given twice.", {}});
    }
  }
  return {};
}

bool is_json(std::string_view content_type) {
  return equal_ignoring_case(trim(split(content_type, ';').front()), "application/json");
}

// Where a member that stands in the wrong place belongs: into an object of the body that has it.
std::string advice_for(const json::Object& body, std::string_view schema) {
  for (const auto& [name, value] : body) {
    const std::string_view owner = owner_of(name, schema);
    if (owner.empty()) continue;
    return "It belongs into '" + std::string(owner) + "': {\"" + std::string(owner) + "\": {\"" +
           name + "\": …}}.";
  }
  return {};
}

std::optional<Refusal> check_members(const Operation& operation, const json::Object& body) {
  if (operation.body.empty()) {
    if (body.empty()) return {};
    return refuse({ErrorCode::invalid_argument, "This operation takes no body.", {}});
  }
  auto known = control::only_known_members(body, "", members_of(operation.body));
  if (known) return {};
  if (std::string advice = advice_for(body, operation.body); !advice.empty()) {
    known.error().hint = std::move(advice);
  }
  return refuse(std::move(known.error()));
}

std::optional<Refusal> check_coding(const http::Request& request) {
  const auto coding = request.headers.find("Content-Encoding");
  if (!coding || equal_ignoring_case(trim(*coding), "identity") || trim(*coding).empty()) return {};
  return Refusal{415,
                 {ErrorCode::invalid_argument, "The body must not be compressed.",
                  "Send it as it is, without Content-Encoding."}};
}

// In what form it is stands in it, as it does in a file.
std::optional<Refusal> read_document(const http::Request& request, ApiRequest& checked) {
  const std::string_view given = request.headers.find("Content-Type").value_or("");
  const std::string type = to_lower(trim(split(given, ';').front()));
  if (!type.ends_with("json") && !type.ends_with("yaml") && !type.ends_with(".openapi")) {
    return Refusal{415,
                   {ErrorCode::invalid_argument, "The body must be JSON or YAML.",
                    "Send the document itself with 'Content-Type: application/json' or "
                    "'application/yaml'."}};
  }
  if (auto refusal = check_coding(request)) return refusal;
  if (trim(request.body).empty()) {
    return refuse({ErrorCode::invalid_argument, "The body is empty; it must be the document.", {}});
  }
  checked.document = request.body;
  return {};
}

std::optional<Refusal> read_body(const Operation& operation, const http::Request& request,
                                 ApiRequest& checked) {
  if (operation.takes_document) return read_document(request, checked);
  const bool reads = operation.route.method == http::Method::get;
  const bool needs_none = operation.body.empty() || operation.body_may_be_absent;
  if (reads || (needs_none && trim(request.body).empty())) return {};
  const auto content_type = request.headers.find("Content-Type");
  if (!content_type || !is_json(*content_type)) {
    return Refusal{415,
                   {ErrorCode::invalid_argument, "The body must be JSON.",
                    "Send it with 'Content-Type: application/json'."}};
  }
  if (auto refusal = check_coding(request)) return refusal;
  auto parsed = json::parse(json::without_byte_order_mark(request.body));
  if (!parsed) return refuse(parsed.error());
  json::Object* const object = parsed->if_object();
  if (object == nullptr) {
    return refuse({ErrorCode::invalid_argument,
                   "The body must be a JSON object; got " + std::string(parsed->kind()) + ".",
                   {}});
  }
  if (auto refusal = check_members(operation, *object)) return refusal;
  checked.body = std::move(*object);
  return {};
}

}  // namespace

std::string_view bearer_token(const http::Request& request) {
  constexpr std::string_view kScheme = "Bearer ";
  const auto fields = request.headers.find_all("Authorization");
  if (fields.size() != 1 || fields.front().size() <= kScheme.size()) return {};
  const std::string_view field = fields.front();
  if (!equal_ignoring_case(field.substr(0, kScheme.size()), kScheme)) return {};
  return trim(field.substr(kScheme.size()));
}

std::expected<ApiRequest, Refusal> read_request(const Operation& operation,
                                                control::Principal principal,
                                                const http::Request& request,
                                                const http::PathParameters& path) {
  ApiRequest checked{
      .principal = std::move(principal), .path = {}, .query = {}, .id = request.id, .body = {}};
  if (auto refusal = read_path(operation, path, checked)) return std::unexpected(*refusal);
  if (auto refusal = read_query(operation, request, checked)) return std::unexpected(*refusal);
  if (auto refusal = read_body(operation, request, checked)) return std::unexpected(*refusal);
  return checked;
}

}  // namespace patchbay::admin
