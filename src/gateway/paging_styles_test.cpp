// Each way in which an integration may say that its lists are divided, against an upstream that
// divides them so and no other way.
#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/text.h"
#include "gateway/test_harness.h"
#include "http/url.h"

namespace patchbay::gateway {

namespace {

using Seen = StubUpstream::Seen;

constexpr std::int64_t kTasks = 7;
constexpr const char* kList = "list_all_acme_tasks";

// A pack with one list, and its pagination as the test writes it.
std::shared_ptr<const catalog::ToolCatalog> acme(const std::string& pagination,
                                                 const std::string& list = "",
                                                 const std::string& more_fields = "") {
  const auto loaded = pack::load_pack(
      {{"acme/integration.yaml",
        "name: acme\nlabel: Acme\nbase_url: \"{site}/v4_6_release/apis/3.0\"\n"
        "allow_loopback_http: true\n"
        "credentials:\n  - {name: site, label: Site}\n" +
            pagination},
       {"acme/resources/tasks.yaml",
        "resource: tasks\ntags: [work]\npath: /tasks\nfields: {id: integer, title: string" +
            more_fields +
            "}\n"
            "methods:\n  list:\n    description: Tasks of all people, for when you need to know "
            "what "
            "there is.\n" +
            list}});
  for (const auto& problem : loaded.problems) {
    MESSAGE(problem.line << ": " << problem.message);
  }
  REQUIRE(loaded.integration != nullptr);
  return catalog::ToolCatalog::generate(loaded.integration).value();
}

struct Acme {
  io::Runtime runtime{{.loops = 1}};
  StubUpstream upstream;
  Harness harness;
  Acme(const std::string& pagination, StubUpstream::Answers answers, const std::string& list = "",
       const std::string& more_fields = "")
      : upstream((runtime.start(), runtime), std::move(answers)),
        harness(runtime, upstream.port(), {}, {}, acme(pagination, list, more_fields)) {}
  ~Acme() { runtime.stop(); }

  // Ids of all pages, as cursors lead through them.
  std::vector<std::int64_t> follow(std::int64_t limit) {
    std::vector<std::int64_t> ids;
    json::Value query = json::Object{{"limit", limit}};
    for (int page = 0; page < 20; ++page) {
      const auto answered = harness.call_value(kList, query);
      REQUIRE_MESSAGE(!answered.result.is_error, answered.result.text);
      for (const auto& record : *answered.value.find("result")->if_array()) {
        ids.push_back(record.int64_or("id", 0));
      }
      const auto cursor = answered.value.string_or("next_cursor", "");
      if (cursor.empty()) return ids;
      query["next_cursor"] = cursor;
    }
    FAIL("the cursors never end");
    return ids;
  }
  std::size_t requests() const { return upstream.seen().size(); }
};

std::int64_t number(const Seen& seen, const char* name, std::int64_t otherwise) {
  const auto found = seen.query.find(name);
  return found != seen.query.end() ? parse_int64(found->second).value() : otherwise;
}

// Tasks `from` + 1 to `from` + `size`, as a JSON array.
std::string tasks(std::int64_t from, std::int64_t size) {
  std::string out = "[";
  for (auto id = from + 1; id <= std::min(from + size, kTasks); ++id) {
    out += (out.size() > 1 ? "," : "") + ("{\"id\":" + std::to_string(id)) + ",\"title\":\"t\"}";
  }
  return out + ']';
}

http::Response json_answer(std::string body,
                           const std::map<std::string, std::string>& headers = {}) {
  auto response = http::Response::json(200, std::move(body));
  for (const auto& [name, value] : headers) response.headers.add(name, value);
  return response;
}

const std::vector<std::int64_t> kAll = {1, 2, 3, 4, 5, 6, 7};

}  // namespace

TEST_CASE("pages by number end where the API says how many there are, without another request") {
  Acme world("pagination: {style: page, size_parameter: per_page, total_header: X-Total}\n",
             [](const Seen& seen) {
               const auto size = number(seen, "per_page", 0);
               return json_answer(tasks((number(seen, "page", 1) - 1) * size, size),
                                  {{"X-Total", std::to_string(kTasks)}});
             });
  CHECK(world.follow(3) == kAll);
  CHECK(world.requests() == 3);
  world.upstream.forget();
  CHECK(world.follow(7) == kAll);
  CHECK(world.requests() == 1);
}

TEST_CASE("pages by number ask for one record more only where nothing else tells") {
  const auto answer = [](const Seen& seen) {
    const auto size = number(seen, "pageSize", 0);
    return json_answer(tasks((number(seen, "page", 1) - 1) * size, size));
  };
  Acme world("pagination: {style: page}\n", answer);
  CHECK(world.follow(7) == kAll);
  CHECK(world.requests() == 2);  // a full page, and whether there is an eighth
  world.upstream.forget();
  CHECK(world.follow(4) == kAll);
  CHECK(world.requests() == 3);
}

TEST_CASE("a Link header says whether there is a next page by number") {
  Acme world("pagination: {style: page}\n", [](const Seen& seen) {
    const auto size = number(seen, "pageSize", 0);
    const auto page = number(seen, "page", 1);
    const auto more = page * size < kTasks;
    return json_answer(tasks((page - 1) * size, size),
                       {{"Link", more ? "<http://x/tasks?page=" + std::to_string(page + 1) +
                                            ">; rel=\"next\", <http://x/tasks?page=9>; rel=\"last\""
                                      : "<http://x/tasks?page=1>; rel=\"first\""}});
  });
  CHECK(world.follow(7) == kAll);
  CHECK(world.requests() == 1);
}

TEST_CASE("an offset leaves out what was given") {
  Acme world("pagination: {style: offset, page_parameter: start, size_parameter: rows}\n",
             [](const Seen& seen) {
               return json_answer(tasks(number(seen, "start", 0), number(seen, "rows", 0)));
             });
  CHECK(world.follow(2) == kAll);
  CHECK(world.upstream.seen().back().query.at("start") == "6");
}

TEST_CASE("a list inside an object is found, with its total") {
  Acme world(
      "pagination: {style: page, page_parameter: page_no, size_parameter: page_size, "
      "records_path: /tasks, total_path: /record_count}\n",
      [](const Seen& seen) {
        const auto size = number(seen, "page_size", 0);
        const auto from = (number(seen, "page_no", 1) - 1) * size;
        return json_answer("{\"page\": 1, \"record_count\": " + std::to_string(kTasks) +
                           ", \"tasks\": " + tasks(from, size) + ", \"other\": []}");
      });
  CHECK(world.follow(3) == kAll);
  CHECK(world.requests() == 3);
  world.upstream.forget();
  CHECK(world.follow(7) == kAll);
  CHECK(world.requests() == 1);
}

TEST_CASE("a method says where its own list stands") {
  Acme world(
      "pagination: {style: page, records_path: /items}\n",
      [](const Seen& seen) {
        const auto size = number(seen, "pageSize", 0);
        const auto from = (number(seen, "page", 1) - 1) * size;
        return json_answer("{\"items\": [{\"id\": 99}], \"jobs\": " + tasks(from, size) + "}");
      },
      "    records_path: /jobs\n");
  CHECK(world.follow(3) == kAll);
}

TEST_CASE("an answer without the list that it should hold is an error, not an empty list") {
  Acme world("pagination: {style: page, records_path: /tasks}\n",
             [](const Seen&) { return json_answer("{\"pages\": 0}"); });
  CHECK(world.harness.call(kList, "{}").error().contains("The API's answer was no list."));
  Acme refusing("pagination: {style: page, records_path: /tasks}\n",
                [](const Seen&) { return json_answer("{\"error\": \"nothing for you\"}"); });
  const auto said = refusing.harness.call(kList, "{}").error();
  CHECK_MESSAGE(said.contains("nothing for you"), said);
}

TEST_CASE("the API's own cursor leads through its pages, and is not shown") {
  Acme world(
      "pagination: {style: cursor, size_parameter: per_page, cursor_parameter: after, "
      "cursor_path: /paging/next, records_path: /tasks}\n",
      [](const Seen& seen) {
        const auto after = seen.query.find("after");
        const auto from =
            after != seen.query.end() ? parse_int64(after->second.substr(2)).value() : 0;
        const auto size = number(seen, "per_page", 0);
        const auto more = from + size < kTasks;
        return json_answer("{\"tasks\": " + tasks(from, size) + ", \"paging\": {\"next\": " +
                           (more ? "\"c=" + std::to_string(from + size) + '"' : "null") + "}}");
      });
  CHECK(world.follow(3) == kAll);
  CHECK(world.requests() == 3);
  CHECK(world.upstream.seen().back().query.at("after") == "c=6");
  CHECK_FALSE(world.harness.call(kList, R"({"limit": 2})").result.text.contains("c="));
}

TEST_CASE("a page that is larger than asked for is given in parts") {
  // An API that takes no size: five to a page.
  Acme world(
      "pagination: {style: cursor, cursor_parameter: after, cursor_path: /next, "
      "records_path: /tasks}\n",
      [](const Seen& seen) {
        const auto from = number(seen, "after", 0);
        return json_answer("{\"tasks\": " + tasks(from, 5) +
                           (from + 5 < kTasks ? ", \"next\": 5}" : "}"));
      });
  CHECK(world.follow(2) == kAll);
}

TEST_CASE("a cursor that does not move is the API's fault, and nothing is given twice") {
  Acme world(
      "pagination: {style: cursor, cursor_parameter: after, cursor_path: /next, "
      "records_path: /tasks}\n",
      [](const Seen&) { return json_answer("{\"tasks\": " + tasks(0, 3) + ", \"next\": \"n\"}"); });
  const auto first = world.harness.call(kList, R"({"limit": 3})");
  REQUIRE_FALSE(first.result.is_error);
  const auto cursor = std::string(first.value.string_or("next_cursor", ""));
  const auto second =
      world.harness.call(kList, R"({"limit": 3, "next_cursor": ")" + cursor + "\"}");
  CHECK(second.error().contains("This list cannot be continued"));
}

TEST_CASE("a page number that is ignored is the API's fault as well") {
  Acme world("pagination: {style: page}\n", [](const Seen&) { return json_answer(tasks(0, 3)); });
  const auto first = world.harness.call(kList, R"({"limit": 3})");
  const auto cursor = std::string(first.value.string_or("next_cursor", ""));
  REQUIRE_FALSE(cursor.empty());
  const auto second =
      world.harness.call(kList, R"({"limit": 3, "next_cursor": ")" + cursor + "\"}");
  CHECK(second.error().contains("records that were given before"));
}

TEST_CASE("a Link header leads to the next page, whatever its query is") {
  Acme world("pagination: {style: link_header, size_parameter: per_page}\n", [](const Seen& seen) {
    const auto from = number(seen, "cursor", 0);
    const auto size = number(seen, "per_page", 3);
    const auto next = from + size;
    if (next >= kTasks) return json_answer(tasks(from, size));
    return json_answer(tasks(from, size),
                       {{"Link", "<http://elsewhere.example/v4_6_release/apis/3.0/tasks?cursor=" +
                                     std::to_string(next) + "&per_page=" + std::to_string(size) +
                                     ">; rel=\"next\""}});
  });
  CHECK(world.follow(3) == kAll);
  CHECK(world.requests() == 3);
}

TEST_CASE("a next page at another address is not followed") {
  Acme world("pagination: {style: link_header, size_parameter: per_page}\n", [](const Seen&) {
    return json_answer(tasks(0, 3), {{"Link", "</v4_6_release/apis/3.0/admin?x=1>; rel=next"}});
  });
  CHECK(world.harness.call(kList, R"({"limit": 3})").error().contains("at another address"));
}

TEST_CASE("a name among more than are gone through is refused where the API finds none by it") {
  Acme world(
      "pagination: {style: page, max_size: 10}\n"
      "references:\n  task: {resource: tasks, match: [title]}\n",
      [](const Seen& seen) {
        std::string page = "[";
        const auto from = number(seen, "page", 1) * 10;
        for (auto id = from; id < from + 10; ++id) {
          page += (page.size() > 1 ? "," : "") + ("{\"id\":" + std::to_string(id)) +
                  ",\"title\":\"t\"}";
        }
        return json_answer(page + ']');
      },
      "  create:\n    description: Write down a task that has to be done, after another one.\n"
      "    body: [title, after]\n",
      ", after: task");
  const auto refused = world.harness.call("create_a_acme_task", R"({"title": "u", "after": "x"})");
  CHECK(refused.error().contains("There are more tasks than are gone through"));
}

TEST_CASE("an API that does not divide its lists gives all, in parts where they are asked for") {
  Acme world("", [](const Seen&) { return json_answer(tasks(0, kTasks)); });
  CHECK(world.follow(3) == kAll);
  for (const auto& seen : world.upstream.seen()) CHECK(seen.query.empty());
}

}  // namespace patchbay::gateway
