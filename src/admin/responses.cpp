#include "admin/responses.h"

#include "http/status.h"
#include "json/write.h"

namespace patchbay::admin {

void add_common_headers(http::Response& response) {
  response.headers.set("Cache-Control", "no-store");
  response.headers.set("X-Content-Type-Options", "nosniff");
}

http::Response json_response(int status, const json::Value& body) {
  http::Response response = http::Response::json(status, json::to_string(body));
  add_common_headers(response);
  return response;
}

http::Response error_response(int status, const Error& error) {
  json::Object body{{"statusCode", status},
                    {"error", http::reason_of(status)},
                    {"message", error.message},
                    {"details", json::Object{{"code", to_string(error.code)}}}};
  if (!error.hint.empty()) body["details"]["hint"] = error.hint;
  http::Response response = json_response(status, body);
  if (status == 401) response.headers.set("WWW-Authenticate", "Bearer");
  // Nothing that a client could do otherwise: the database or an API is away.
  if (status == 503) response.headers.set("Retry-After", "2");
  return response;
}

http::Response faulty_response(const Error& error, const json::Array& faults) {
  constexpr int kUnprocessable = 422;
  json::Object body{{"statusCode", kUnprocessable},
                    {"error", http::reason_of(kUnprocessable)},
                    {"message", error.message},
                    {"details", json::Object{{"code", to_string(error.code)}, {"faults", faults}}}};
  if (!error.hint.empty()) body["details"]["hint"] = error.hint;
  return json_response(kUnprocessable, body);
}

http::Response error_response(const Error& error) {
  return error_response(http::status_of(error.code), error);
}

}  // namespace patchbay::admin
