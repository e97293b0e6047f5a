// Definitions of integrations at the API's door: looked at, kept, refused with their faults, gone
// back to, and read again.
#include <algorithm>
#include <string>

#include "admin/test_door.h"

namespace patchbay::admin {
namespace {

using testing::Answer;
using testing::Ask;
using testing::Door;

constexpr const char* kDocument =
    R"({"openapi":"3.0.0","info":{"title":"Acme","version":"2"},)"
    R"("servers":[{"url":"https://a.example"}],"paths":{"/tasks":{"get":{"responses":{"200":)"
    R"({"description":"ok","content":{"application/json":{"schema":{"type":"array","items":)"
    R"({"type":"object","properties":{"id":{"type":"integer"}}}}}}}}}}}})";

std::string files_of(const std::string& path_key, const std::string& methods) {
  const std::string about = "name: acme\nbase_url: \"https://a.example\"\nauth: {style: none}\n";
  const std::string tasks = "resource: tasks\n" + path_key +
                            ": /tasks\nfields: {id: integer, title: string}\nmethods:\n  list:\n"
                            "    description: Tasks of all projects, newest first, for a look.\n" +
                            methods;
  const auto file = [](const char* path, const std::string& text) {
    return json::Object{{"path", path}, {"text", text}};
  };
  return json::to_string(json::Object{{"files", json::Array{file("integration.yaml", about),
                                                            file("resources/tasks.yaml", tasks)}}});
}

const std::string kGet =
    "  get:\n    description: One task with all of its fields, by its id, for a look.\n";

Answer put(Door& door, const std::string& body, const std::string& query = "") {
  return door({http::Method::put, "/integration/acme" + query, body});
}

std::size_t count(const Answer& answer, std::string_view list) {
  return answer.body.find("diff")->find(list)->if_array()->size();
}

TEST_CASE("An upload is looked at without a trace, kept, and gone back from") {
  Door door;
  const std::string both = files_of("path", kGet);
  const Answer shown = put(door, both, "?preview=true");
  REQUIRE_MESSAGE(shown.status == 200, shown.text);
  CHECK(shown.body.find("revision")->is_null());
  CHECK(count(shown, "added") == 2);
  CHECK(door.get("/integration/acme").status == 404);
  CHECK(door.get("/log?kind=change").size() == 0);

  CHECK(put(door, both).body.int64_or("revision", 0) == 1);
  CHECK(door.get("/integration/acme")["origin"] == "uploaded");
  CHECK(count(put(door, files_of("path", "")), "removed") == 1);
  const Answer back = door.post("/integration/acme/rollback", R"({"revision":1})");
  REQUIRE_MESSAGE(back.status == 200, back.text);
  CHECK(back.body.int64_or("revision", 0) == 3);
  CHECK(count(back, "added") == 1);
  CHECK(door.get("/log?kind=change").size() == 3);

  const Answer first = door.get("/integration/acme/revisions?limit=2");
  REQUIRE(first.size() == 2);
  CHECK(first.body.find("result")->if_array()->front().bool_or("is_current", false));
  const Answer rest = door.get("/integration/acme/revisions?limit=2&next_cursor=" +
                               std::string(first["next_cursor"]));
  REQUIRE(rest.size() == 1);
  CHECK(rest.body.find("result")->if_array()->front().int64_or("revision", 0) == 1);
  CHECK_FALSE(rest.body.find("result")->if_array()->front().bool_or("is_current", true));
}

TEST_CASE("Whether it is a preview is read as it is carried out, however it is written") {
  Door door;
  const std::string body = files_of("path", kGet);
  CHECK(put(door, body, "?preview=%74rue").status == 200);
  CHECK(door.get("/log?kind=change").size() == 0);
  CHECK(put(door, body, "?preview=preview=true").status == 400);
  CHECK(put(door, body, "?preview=true&preview=false").status == 400);
  CHECK(put(door, body, "?preview=false").body.int64_or("revision", 0) == 1);
}

TEST_CASE(
    "Each fault of a definition is told with its place and its mend, and nothing is changed") {
  Door door;
  CHECK(put(door, files_of("path", kGet)).status == 200);
  const Answer refused = put(door, files_of("pth", kGet));
  CHECK(refused.status == 422);
  const json::Value* const faults = refused.body.find("details")->find("faults");
  REQUIRE(faults != nullptr);
  REQUIRE_FALSE(faults->if_array()->empty());
  CHECK(std::ranges::any_of(*faults->if_array(), [](const json::Value& fault) {
    return fault.string_or("file", "") == "acme/resources/tasks.yaml" &&
           fault.int64_or("line", 0) == 2 && !fault.string_or("message", "").empty() &&
           !fault.string_or("hint", "").empty();
  }));
  CHECK(door.get("/integration/acme").body.int64_or("revision", 0) == 1);
  CHECK(door({http::Method::post, "/integration/acme/import", R"({"openapi":7})"}).status == 422);
}

TEST_CASE("A document is taken as it is, in JSON or YAML, and in no other form") {
  Door door;
  const auto import = [&](std::string body, std::string type, std::string coding = "") {
    Ask ask{http::Method::post, "/integration/acme/import", std::move(body)};
    ask.content_type = std::move(type);
    if (!coding.empty()) ask.headers.emplace_back("Content-Encoding", std::move(coding));
    return door(ask);
  };
  const Answer made = import(kDocument, "application/json; charset=utf-8");
  REQUIRE_MESSAGE(made.status == 200, made.text);
  CHECK(made.body.int64_or("operations", 0) == 1);
  CHECK(door.get("/integration/acme")["origin"] == "imported");
  CHECK(import(kDocument, "application/yaml").status == 200);
  CHECK(import(kDocument, "application/vnd.oai.openapi").status == 200);
  CHECK(import(kDocument, "text/html").status == 415);
  CHECK(import(kDocument, "").status == 415);
  CHECK(import(kDocument, "application/json", "gzip").status == 415);
  CHECK(import(" \n", "application/json").status == 400);
}

TEST_CASE("Integrations are of all environments: only a token of the instance changes them") {
  Door door;
  door.connect();
  CHECK(put(door, files_of("path", kGet)).status == 200);
  const std::string environment(
      door.get("/environment").body.find("result")->if_array()->front().string_or("id", ""));
  const std::string inside(
      door.post("/api-token", R"({"name":"t","environment_id":")" + environment + "\"}")["token"]);
  const std::string body = files_of("path", "");
  const auto refused = [&](http::Method method, std::string target, std::string sent) {
    const Answer answer = door({method, std::move(target), std::move(sent), inside});
    CHECK_MESSAGE(answer.status == 403, answer.text);
  };
  refused(http::Method::put, "/integration/acme", body);
  refused(http::Method::put, "/integration/acme?preview=true", body);
  refused(http::Method::post, "/integration/acme/import", kDocument);
  refused(http::Method::post, "/integration/acme/rollback", R"({"revision":1})");
  refused(http::Method::post, "/integration/acme/reload", "");
  CHECK(door({.target = "/integration/acme", .token = inside}).status == 200);
  CHECK(door({.target = "/integration/acme/revisions", .token = inside}).size() == 1);
}

TEST_CASE("A definition is read again by its name, and what is none is no integration") {
  Door door;
  CHECK(put(door, files_of("path", kGet)).status == 200);
  const Answer read = door.post("/integration/acme/reload", "");
  REQUIRE_MESSAGE(read.status == 200, read.text);
  CHECK_FALSE(read.body.bool_or("has_changed", true));
  CHECK(door.post("/integration/nothing/reload", "").status == 404);
  CHECK(door.get("/integration/nothing/revisions").status == 404);
  CHECK(door.post("/integration/acme/rollback", R"({"revision":9})").status == 404);
  CHECK(door.post("/integration/acme/rollback", R"({"revision":"1"})").status == 400);
  CHECK(door.post("/integration/acme/rollback", R"({"revision":0})").status == 400);
  CHECK(door.post("/integration/No-Name/import", kDocument).status == 400);
  CHECK(door({http::Method::put, "/integration/acme", R"({"files":[{"path":"../key","text":""}]})"})
            .status == 400);
}

TEST_CASE("Large bodies are for what definitions are sent to") {
  CHECK(takes_large_body("/integration/acme"));
  CHECK(takes_large_body("/integration/acme/import"));
  CHECK_FALSE(takes_large_body("/integration/acme/rollback"));
  CHECK_FALSE(takes_large_body("/integration"));
  CHECK_FALSE(takes_large_body("/integrated-account/acme"));
  CHECK_FALSE(takes_large_body("/mcp/import"));
}

}  // namespace
}  // namespace patchbay::admin
