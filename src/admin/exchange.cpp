#include "admin/exchange.h"

#include <algorithm>
#include <optional>

#include "base/nearest.h"
#include "base/text.h"
#include "http/status.h"
#include "http/url.h"
#include "json/parse.h"
#include "json/write.h"

namespace patchbay::admin {
namespace {

constexpr std::size_t kLongestId = 128;

// A refusal with a status of its own, where no error code means the same.
struct Refusal {
  int status;
  Error error;
};

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

std::optional<Refusal> read_path(const Endpoint& endpoint, const http::PathParameters& path,
                                 Call& call) {
  for (const std::string_view name : parameters_of(endpoint.pattern)) {
    const std::string_view value = path[name];
    // What cannot be an id names nothing; it is not repeated either.
    if (!is_id(value)) return refuse({ErrorCode::not_found, "There is no such thing.", {}});
    call.path.emplace(name, value);
  }
  return {};
}

std::optional<Refusal> read_query(const Endpoint& endpoint, const http::Request& request,
                                  Call& call) {
  const auto pairs = http::parse_query(request.query);
  if (!pairs) {
    return refuse({ErrorCode::invalid_argument, "The query is not correctly encoded.", {}});
  }
  std::vector<std::string> known;
  known.reserve(endpoint.query.size());
  for (const QueryParameter& parameter : endpoint.query) known.emplace_back(parameter.name);
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
    if (!call.query.emplace(name, value).second) {
      return refuse({ErrorCode::invalid_argument, "'" + name + "' is given twice.", {}});
    }
  }
  return {};
}

bool is_json(std::string_view content_type) {
  return equal_ignoring_case(trim(split(content_type, ';').front()), "application/json");
}

std::optional<Refusal> read_body(const Endpoint& endpoint, const http::Request& request,
                                 Call& call) {
  const bool reads = endpoint.method == http::Method::get;
  if (reads || (endpoint.request.empty() && trim(request.body).empty())) return {};
  const auto content_type = request.headers.find("Content-Type");
  if (!content_type || !is_json(*content_type)) {
    return Refusal{415,
                   {ErrorCode::invalid_argument, "The body must be JSON.",
                    "Send it with 'Content-Type: application/json'."}};
  }
  auto parsed = json::parse(request.body);
  if (!parsed) return refuse(parsed.error());
  json::Object* const object = parsed->if_object();
  if (object == nullptr) {
    return refuse({ErrorCode::invalid_argument,
                   "The body must be a JSON object; got " + std::string(parsed->kind()) + ".",
                   {}});
  }
  if (endpoint.request.empty() && !object->empty()) {
    return refuse({ErrorCode::invalid_argument, "This operation takes no body.", {}});
  }
  call.body = std::move(*object);
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

void add_common_headers(http::Response& response) {
  response.headers.set("Cache-Control", "no-store");
  response.headers.set("X-Content-Type-Options", "nosniff");
}

http::Response error_response(int status, const Error& error) {
  json::Object body{{"statusCode", status},
                    {"error", http::reason_of(status)},
                    {"message", error.message},
                    {"details", json::Object{{"code", to_string(error.code)}}}};
  if (!error.hint.empty()) body["details"]["hint"] = error.hint;
  http::Response response = http::Response::json(status, json::to_string(body));
  if (status == 401) response.headers.set("WWW-Authenticate", "Bearer");
  add_common_headers(response);
  return response;
}

http::Response error_response(const Error& error) {
  return error_response(http::status_of(error.code), error);
}

http::Response answer(const Endpoint& endpoint, Context& context, control::Principal principal,
                      const http::Request& request, const http::PathParameters& path) {
  Call call{.principal = std::move(principal), .path = {}, .query = {}, .body = {}};
  for (const auto& refusal : {read_path(endpoint, path, call), read_query(endpoint, request, call),
                              read_body(endpoint, request, call)}) {
    if (refusal) return error_response(refusal->status, refusal->error);
  }
  const auto reply = endpoint.action(context, call);
  if (!reply) return error_response(reply.error());
  http::Response response = http::Response::json(reply->status, json::to_string(reply->body));
  add_common_headers(response);
  return response;
}

}  // namespace patchbay::admin
