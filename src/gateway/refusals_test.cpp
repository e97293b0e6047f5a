// What is said of an upstream's refusal, whatever it is: what the upstream says itself stands in
// it, and what to do about it.
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "gateway/call/tool_error.h"
#include "gateway/test_harness.h"

namespace patchbay::gateway {
namespace {

constexpr const char* kGet = "get_single_connect_wise_psa_ticket_by_id";
constexpr const char* kList = "list_all_connect_wise_psa_tickets";
constexpr const char* kMe = "connect_wise_psa_members_me";
constexpr const char* kCreate = "create_a_connect_wise_psa_company_note";
constexpr const char* kUpdate = "update_a_connect_wise_psa_ticket_by_id";
constexpr const char* kDelete = "delete_a_connect_wise_psa_ticket_by_id";

struct Refusing {
  io::Runtime runtime{{.loops = 1}};
  http::Response response;
  StubUpstream upstream;
  Harness harness;

  explicit Refusing(http::Response with)
      : response(std::move(with)),
        upstream((runtime.start(), runtime), [this](const auto&) { return response; }),
        harness(runtime, upstream.port()) {
    harness.context.wait_on_rate_limit = false;
  }
  ~Refusing() { runtime.stop(); }
};

std::string part(const Answered& answered, std::string_view name) {
  const auto* error = answered.value.find("error");
  return error != nullptr ? std::string(error->string_or(name, "")) : std::string();
}

}  // namespace

TEST_CASE("no refusal is without a hint, whatever was asked and whatever came back") {
  const std::vector<std::string> bodies = {
      "",
      "{}",
      "[]",
      "nothing here",
      R"({"code":"ServerError","message":"Something is not as it should be."})",
      R"({"code":"InvalidObject","message":"ticket object is invalid"})",
      R"({"code":"InvalidObject","message":"x","errors":[{"code":"NotFound","message":"m","field":"f"}]})",
      R"({"code":"InvalidObject","message":"x","errors":[{"code":"Odd"}]})",
      "<html><head><title>Nobody home</title></head></html>",
  };
  const std::vector<std::pair<const char*, const char*>> calls = {
      {kGet, R"({"id":7})"},
      {kList, "{}"},
      {kList, R"({"count":true})"},
      {kMe, "{}"},
      {kCreate, R"({"companyId":7,"text":"t"})"},
      {kUpdate, R"({"id":7,"summary":"s"})"},
      {kDelete, R"({"id":7})"},
  };
  std::size_t refused = 0;
  for (const int status : {200, 201, 204, 301, 302, 303, 304, 307, 308, 400, 401, 403, 404, 405,
                           406, 408, 409, 410, 412, 415, 418, 422, 429, 500, 501, 502, 503, 504}) {
    for (const auto& body : bodies) {
      auto response = http::Response::text(status, status == 204 || status == 304 ? "" : body);
      if (status > 300 && status < 400) {
        response.headers.add("Location", "https://other.example/x?token=t0k3n");
      }
      Refusing desk(std::move(response));
      for (const auto& [tool, arguments] : calls) {
        const auto answered = desk.harness.call(tool, arguments);
        if (!answered.result.is_error) continue;
        ++refused;
        CAPTURE(status);
        CAPTURE(answered.result.text);
        CHECK_FALSE(part(answered, "hint").empty());
        CHECK_FALSE(part(answered, "message").empty());
        CHECK_FALSE(answered.result.text.contains("t0k3n"));
        CHECK_FALSE(answered.result.text.contains("<"));
      }
    }
  }
  CHECK(refused > 1000);
}

TEST_CASE("a write that somebody did not wait for may be done all the same") {
  for (const int status : {408, 499, 504}) {
    CAPTURE(status);
    io::Runtime runtime{{.loops = 1}};
    runtime.start();
    StubUpstream upstream(runtime, [&](const StubUpstream::Seen& seen) {
      if (seen.method != "GET") {
        return http::Response::json(status, R"({"code":"x","message":"Too late."})");
      }
      return http::Response::json(200, seen.path.ends_with("/7") ? R"({"id":7})" : "[]");
    });
    Harness harness(runtime, upstream.port());
    for (const auto& [tool, arguments] :
         {std::pair{kCreate, R"({"companyId":7,"text":"t"})"},
          std::pair{kUpdate, R"({"id":7,"summary":"s"})"}, std::pair{kDelete, R"({"id":7})"}}) {
      const auto outcome = harness.call(tool, arguments);
      CHECK_MESSAGE(outcome.was_applied() == "unknown", outcome.result.text);
      CHECK_MESSAGE(outcome.error().contains("It may have been done all the same"),
                    outcome.result.text);
    }
    runtime.stop();
  }
}

TEST_CASE("each kind of error has a hint where nothing more is known") {
  for (int code = 0; code <= static_cast<int>(ErrorCode::internal); ++code) {
    const ToolError error{.code = static_cast<ErrorCode>(code), .message = "m"};
    const auto body = json::parse(to_json(error, "req_1")).value();
    CHECK(body.find("error")->string_or("hint", "").size() > 20);
  }
  const ToolError own{.code = ErrorCode::upstream, .message = "m", .hint = "Own."};
  CHECK(to_json(own, "req_1").contains(R"("hint":"Own.")"));
}

TEST_CASE("a page that comes with a refusal is told by its title") {
  const std::string page = "<!DOCTYPE html><html><head><title>Bad\n Gateway: nginx</title></head>";
  for (const int status : {400, 403, 404, 500, 502, 503, 504}) {
    Refusing desk(http::Response::text(status, page));
    for (const auto& [tool, arguments] :
         {std::pair{kGet, R"({"id":7})"}, std::pair{kUpdate, R"({"id":7,"summary":"s"})"}}) {
      const auto message = part(desk.harness.call(tool, arguments), "message");
      CHECK_MESSAGE(message.ends_with("A page came with it: 'Bad Gateway: nginx'"), message);
    }
  }
  // What stands in a page beside its title is no sentence for anybody.
  Refusing untitled(http::Response::text(502, "<html><body>secret corridor</body></html>"));
  CHECK_FALSE(untitled.harness.call(kGet, R"({"id":7})").result.text.contains("corridor"));
  Refusing secretive(http::Response::text(502, "<title>for demo-private-key</title>"));
  CHECK(part(secretive.harness.call(kGet, R"({"id":7})"), "message").contains("for [secret]"));
}

TEST_CASE("a redirect that is not followed says where it leads") {
  for (const int status : {301, 302, 307, 308}) {
    auto response = http::Response::text(status, "");
    response.headers.add("Location", "https://login.example/sign-in?ticket=t0k3n");
    Refusing desk(std::move(response));
    for (const auto& [tool, arguments] :
         {std::pair{kGet, R"({"id":7})"}, std::pair{kDelete, R"({"id":7})"}}) {
      const auto message = part(desk.harness.call(tool, arguments), "message");
      CAPTURE(status);
      CHECK_MESSAGE(message.contains(" to https://login.example/sign-in (HTTP "), message);
    }
  }
  Refusing silent(http::Response::text(308, ""));
  CHECK(part(silent.harness.call(kGet, R"({"id":7})"), "message") ==
        "The API redirects elsewhere (HTTP 308), which is not followed.");
}

}  // namespace patchbay::gateway
