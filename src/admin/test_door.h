// The API behind its router, for tests: requests as values, answers as JSON, each checked against
// the OpenAPI document.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "admin/api.h"
#include "admin/openapi.h"
#include "admin/operation.h"
#include "base/text.h"
#include "control/test_world.h"
#include "control/tool_trials.h"
#include "definitions/definitions.h"
#include "json/parse.h"
#include "json/write.h"
#include "schema/validator.h"
#include "telemetry/log.h"

namespace patchbay::admin::testing {

inline json::Value document() {
  return json::parse(openapi_document()).value();
}

struct Ask {
  http::Method method = http::Method::get;
  std::string target;
  std::string body = {};
  std::optional<std::string> token = {};  // not given: the instance's
  std::string content_type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::string peer = "192.0.2.1";
};

struct Answer {
  int status = 0;
  http::Headers headers;
  std::string text;
  json::Value body;

  std::string_view operator[](std::string_view member) const { return body.string_or(member, ""); }
  std::string_view hint() const { return body.find("details")->string_or("hint", ""); }
  std::size_t size() const { return body.find("result")->if_array()->size(); }
};

// What an answer of this shape must be valid against.
inline const schema::Validator& validator_of(std::string_view schema) {
  static std::map<std::string, schema::Validator, std::less<>> compiled;
  if (const auto found = compiled.find(schema); found != compiled.end()) return found->second;
  const json::Value document = json::parse(openapi_document()).value();
  const json::Value rooted = json::Object{{"$ref", "#/components/schemas/" + std::string(schema)},
                                          {"components", *document.find("components")}};
  return compiled.emplace(std::string(schema), schema::Validator::compile(rooted).value())
      .first->second;
}

inline bool fits(std::string_view pattern, std::string_view path) {
  const auto wanted = split(pattern, '/');
  const auto given = split(path, '/');
  if (wanted.size() != given.size()) return false;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (!wanted[i].starts_with(':') && wanted[i] != given[i]) return false;
  }
  return true;
}

inline const Operation* operation_of(http::Method method, std::string_view path) {
  for (const Operation& operation : operations()) {
    if (operation.route.method == method && fits(operation.route.pattern, path)) return &operation;
  }
  return nullptr;
}

// Calls no tool, remembers what it was asked, and answers as told.
class PlayedTrials final : public control::ToolTrials {
 public:
  Result<control::Tried> run(control::ToolTrial trial) override {
    asked = std::move(trial);
    return tried;
  }
  Result<control::CompletedNames> complete(control::ToolTrial trial, std::string argument,
                                           std::string typed) override {
    asked = std::move(trial);
    completed = argument + "=" + typed;
    return names;
  }

  control::ToolTrial asked;
  std::string completed;
  Result<control::Tried> tried = control::Tried{};
  Result<control::CompletedNames> names = control::CompletedNames{};
};

class Door {
 public:
  Door() {
    api.add_routes(router);
    router.on_not_found(not_found);
    router.on_method_not_allowed(method_not_allowed);
    runtime.start();
  }
  ~Door() { runtime.stop(); }

  Answer operator()(const Ask& ask) {
    http::Request request;
    request.method = ask.method;
    request.target = ask.target;
    const auto question = ask.target.find('?');
    request.path = std::string_view(ask.target).substr(0, question);
    if (question != std::string::npos) {
      request.query = std::string_view(ask.target).substr(question + 1);
    }
    request.body = ask.body;
    request.peer = ask.peer;
    for (const auto& [name, value] : ask.headers) request.headers.add(name, value);
    if (!ask.content_type.empty()) request.headers.add("Content-Type", ask.content_type);
    const std::string token = ask.token.value_or(world.root_token);
    if (!token.empty()) request.headers.add("Authorization", "Bearer " + token);

    http::Response response;
    const auto exchange = [&]() -> io::Task<> { response = co_await router(request); };
    runtime.run(runtime.loop(0), exchange);

    Answer answer{.status = response.status, .headers = response.headers, .text = {}, .body = {}};
    answer.text = response.head + (response.shared ? *response.shared : "") + response.tail;
    answer.body = json::parse(answer.text).value_or(json::Value());
    check_against_document(request, answer);
    return answer;
  }

  Answer get(std::string target) { return (*this)({.target = std::move(target)}); }
  Answer post(std::string target, std::string body) {
    return (*this)({http::Method::post, std::move(target), std::move(body)});
  }
  Answer patch(std::string target, std::string body) {
    return (*this)({http::Method::patch, std::move(target), std::move(body)});
  }
  Answer remove(std::string target) { return (*this)({http::Method::delete_, std::move(target)}); }

  // The id of a new account.
  std::string connect() {
    const Answer answer = post("/integrated-account",
                               R"({"integration":"desk","name":"Acme","tenant_id":"customer-7",
          "credentials":{"site":"desk.example.com","key":"hunter2"}})");
    REQUIRE_MESSAGE(answer.status == 201, answer.text);
    return std::string(answer["id"]);
  }

  control::testing::World world;
  io::Runtime runtime{{.loops = 1, .blocking_threads = 2}};
  http::Router router;
  const std::shared_ptr<audit::Journal> journal =
      std::make_shared<audit::Journal>(*world.repository, world.vault, world.clock);
  PlayedTrials trials;
  const telemetry::Log log{-1, telemetry::Level::error};
  const std::unique_ptr<definitions::Definitions> definitions = keeping_definitions();
  Api api{runtime,
          *world.control,
          {.public_url = "https://patchbay.example",
           .log = {.journal = journal, .rows = world.repository.get(), .vault = world.vault},
           .trials = &trials,
           .definitions = definitions.get(),
           .version = "1.2.3"}};

 private:
  // Of those that are uploaded and imported; `desk` is made in code, and stays beside them.
  std::unique_ptr<definitions::Definitions> keeping_definitions() {
    auto kept = std::make_unique<definitions::Definitions>(definitions::DefinitionOptions{},
                                                           world.clock, log);
    REQUIRE(kept->load_stored(world.repository->definitions(), world.vault));
    kept->serve(*world.control);
    return kept;
  }

  static void check_against_document(const http::Request& request, const Answer& answer) {
    const Operation* const operation = operation_of(request.method, request.path);
    if (operation == nullptr) return;
    CHECK(answer.headers.find("Cache-Control") == "no-store");
    if (operation->gives_file() && answer.status < 400) return;
    const bool success = answer.status < 400;
    if (success) CHECK(answer.status == operation->success.status);
    for (const auto& violation :
         validator_of(success ? operation->success.schema : "Error").check(answer.body)) {
      FAIL_CHECK(operation->words.id << ": " << violation.path << " " << violation.message << " in "
                                     << answer.text);
    }
  }
};

}  // namespace patchbay::admin::testing
