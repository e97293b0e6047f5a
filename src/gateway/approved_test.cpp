// A call that a person said yes to: what it is shown as, and that it goes out as it was shown or
// not at all.
#include <atomic>

#include <doctest/doctest.h>

#include "gateway/test_harness.h"

namespace patchbay::gateway {

namespace {

constexpr const char* kUpdate = "update_a_connect_wise_psa_ticket_by_id";
constexpr const char* kNote = "create_a_connect_wise_psa_ticket_note";
constexpr const char* kDelete = "delete_a_connect_wise_psa_activity_by_id";

// A ticket and an activity, and what was written to them.
struct Desk {
  io::Runtime runtime{{.loops = 1}};
  Mutex mutex;
  std::string summary PATCHBAY_GUARDED_BY(mutex) = "Printer is out";
  std::string info PATCHBAY_GUARDED_BY(mutex) = "{}";  // of the activity
  StubUpstream psa;
  Harness harness;

  Desk()
      : psa((runtime.start(), runtime),
            [this](const StubUpstream::Seen& seen) { return answer(seen); }),
        harness(runtime, psa.port()) {}
  ~Desk() { runtime.stop(); }

  http::Response answer(const StubUpstream::Seen& seen) {
    const MutexLock lock(mutex);
    if (seen.path == "/service/tickets/5") {
      return http::Response::json(
          200, R"({"id":5,"summary":")" + summary + R"(","company":{"id":21,"name":"Acme"}})");
    }
    if (seen.path == "/sales/activities/9" && seen.method == "DELETE") {
      return http::Response::json(204, "");
    }
    if (seen.path == "/sales/activities/9") {
      return http::Response::json(
          200,
          R"({"id":9,"name":"Call back","company":{"id":21,"name":"Acme"},"_info":)" + info + "}");
    }
    if (seen.path == "/service/tickets/5/notes" && seen.method == "POST") {
      return http::Response::json(201, R"({"id":10,"ticketId":5,"text":"x"})");
    }
    if (seen.path == "/service/tickets/5/notes") return http::Response::json(200, "[]");
    return http::Response::json(404, R"({"code":"NotFound","message":"Not found","errors":null})");
  }
  void rename(std::string text) {
    const MutexLock lock(mutex);
    summary = std::move(text);
  }
  void touch_activity() {
    const MutexLock lock(mutex);
    info = R"({"lastUpdated":"2026-11-22T15:00:01Z"})";
  }

  Preview preview(const char* tool, const std::string& arguments, bool asks = true) {
    Preview shown;
    runtime.run(runtime.loop(0), [&]() -> io::Task<> {
      shown = co_await harness.gateway().preview(*harness.tools->find(tool),
                                                 *json::parse(arguments), harness.context,
                                                 [asks](const json::Object&) { return asks; });
    });
    return shown;
  }
  Answered send(const char* tool, const std::string& arguments, const json::Value& approved) {
    harness.context.approved = &approved;
    auto outcome = harness.call(tool, arguments);
    harness.context.approved = nullptr;
    return outcome;
  }
  std::size_t writes() const {
    std::size_t count = 0;
    for (const auto& seen : psa.seen()) count += seen.method == "GET" ? 0 : 1;
    return count;
  }
};

}  // namespace

TEST_CASE("an update is shown with the fields that it changes, as they are, and nothing goes out") {
  Desk desk;
  const auto shown = desk.preview(kUpdate, R"({"id":5,"summary":"Printer is back"})");
  REQUIRE_FALSE(shown.refused);
  const auto* request = shown.shown.find("request");
  REQUIRE(request != nullptr);
  CHECK(request->string_or("method", "") == "PATCH");
  CHECK(request->string_or("path", "") == "/service/tickets/5");
  CHECK(*shown.shown.find("before") == json::Value(json::Object{{"summary", "Printer is out"}}));
  CHECK(desk.writes() == 0);
}

TEST_CASE("where nobody has to be asked nothing is shown, and nothing looked at") {
  Desk desk;
  CHECK(desk.preview(kUpdate, R"({"id":5,"summary":"x"})", false).shown.is_null());
  CHECK(desk.writes() == 0);
}

TEST_CASE("what is not valid is refused before anybody is asked") {
  Desk desk;
  const auto shown = desk.preview(kUpdate, R"({"id":5,"sumary":"x"})");
  REQUIRE(shown.refused);
  CHECK(shown.refused->is_error);
  CHECK(shown.refused->was_applied == Applied::no);
  CHECK(shown.shown.is_null());
}

TEST_CASE("what was allowed is sent, once, as long as it is what was shown") {
  Desk desk;
  const std::string arguments = R"({"id":5,"summary":"Printer is back"})";
  const auto shown = desk.preview(kUpdate, arguments);
  const auto done = desk.send(kUpdate, arguments, shown.shown);
  CHECK_MESSAGE(!done.result.is_error, done.result.text);
  CHECK(desk.writes() == 1);
}

TEST_CASE("a field that somebody has changed meanwhile keeps it back, with how it is now") {
  Desk desk;
  const std::string arguments = R"({"id":5,"summary":"Printer is back"})";
  const auto shown = desk.preview(kUpdate, arguments);
  desk.rename("Replaced by the vendor");
  const auto kept = desk.send(kUpdate, arguments, shown.shown);
  CHECK(kept.result.is_error);
  CHECK(kept.was_applied() == "no");
  CHECK(desk.writes() == 0);
  REQUIRE_FALSE(kept.result.shown_now.is_null());
  CHECK(kept.result.shown_now.find("before")->string_or("summary", "") == "Replaced by the vendor");
}

TEST_CASE("arguments that were never shown are not sent by another call's yes") {
  Desk desk;
  const auto shown = desk.preview(kUpdate, R"({"id":5,"summary":"Printer is back"})");
  const auto other = desk.send(kUpdate, R"({"id":5,"summary":"Everything is free"})", shown.shown);
  CHECK(other.result.is_error);
  CHECK(desk.writes() == 0);
  CHECK(desk.send(kNote, R"({"ticketId":5,"text":"x","internalAnalysisFlag":true})", shown.shown)
            .result.is_error);
  CHECK(desk.writes() == 0);
}

TEST_CASE("what is made has nothing before it") {
  Desk desk;
  const std::string arguments = R"({"ticketId":5,"text":"x","internalAnalysisFlag":true})";
  const auto shown = desk.preview(kNote, arguments);
  REQUIRE_FALSE(shown.refused);
  CHECK(shown.shown.find("before") == nullptr);
  CHECK_FALSE(desk.send(kNote, arguments, shown.shown).result.is_error);
  CHECK(desk.writes() == 1);
}

TEST_CASE("what is deleted is shown by what it is known by, which the API's own notes are not") {
  Desk desk;
  const std::string arguments = R"({"id":9})";
  const auto shown = desk.preview(kDelete, arguments);
  REQUIRE_FALSE(shown.refused);
  const auto* before = shown.shown.find("before");
  REQUIRE(before != nullptr);
  CHECK(before->string_or("name", "") == "Call back");
  CHECK(before->find("company")->string_or("name", "") == "Acme");
  CHECK(before->find("_info") == nullptr);
  desk.touch_activity();
  const auto done = desk.send(kDelete, arguments, shown.shown);
  CHECK_MESSAGE(!done.result.is_error, done.result.text);
  CHECK(desk.writes() == 1);
}

}  // namespace patchbay::gateway
