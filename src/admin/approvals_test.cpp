// Approvals over the API, and the page behind a link to one.
#include "control/approvals.h"

#include "admin/test_door.h"

namespace patchbay::admin {
namespace {

using testing::Answer;
using testing::Door;

struct Waiting {
  Door door;
  std::string account = door.connect();
  std::string server{door.post("/integrated-account/" + account + "/mcp", R"({"name":"x"})")["id"]};
  int sent = 0;

  Waiting() {
    door.world.control->approvals().send_with(
        [this](const vault::TokenHash&, const std::shared_ptr<const control::McpServer>&,
               const control::Approval&) {
          ++sent;
          return control::Sent{
              .state = control::Sent::State::done, .text = R"({"id":7})", .shown_now = {}};
        },
        std::chrono::minutes(1));
  }
  std::string ask(std::string_view text = "<script>alert(1)</script>\xE2\x80\xAE") {
    auto& approvals = door.world.control->approvals();
    const json::Value arguments = json::Object{{"text", text}};
    json::Object body{{"text", text}};
    json::Object request{{"method", "POST"}, {"path", "/tickets/7"}, {"body", std::move(body)}};
    const auto asked = approvals.ask(
        {.environment_id =
             std::string(door.get("/integrated-account/" + account)["environment_id"]),
         .account_id = account,
         .server_id = server,
         .tool = "create_a_desk_ticket",
         .digest = approvals.call_digest(server, "create_a_desk_ticket", arguments),
         .content = json::Object{{"summary", "Create ticket: POST /tickets/7"},
                                 {"arguments", arguments},
                                 {"shown", json::Object{{"request", std::move(request)}}},
                                 {"client", "tester 1"},
                                 {"request_id", "req-1"}},
         .lifetime = std::chrono::hours(24)});
    REQUIRE_MESSAGE(asked.has_value(), asked.error().message);
    return asked->row.id;
  }
  Answer page(http::Method method, const std::string& url, std::string body = {}) {
    return door({method, url.substr(url.find("/approve/")), std::move(body), "",
                 "application/x-www-form-urlencoded"});
  }
};

TEST_CASE("Approvals are listed by what they are filtered by, and shown with what would be sent") {
  Waiting waiting;
  const std::string first = waiting.ask("one");
  waiting.ask("two");
  Door& door = waiting.door;
  CHECK(door.get("/approval").size() == 2);
  CHECK(door.get("/approval?state=pending&mcp_server_id=" + waiting.server).size() == 2);
  CHECK(door.get("/approval?state=done").size() == 0);
  CHECK(door.get("/approval?integrated_account_id=acc_other").size() == 0);
  CHECK(door.get("/approval?state=waiting").status == 400);
  const Answer page = door.get("/approval?limit=1");
  CHECK(page.size() == 1);
  CHECK(door.get("/approval?limit=1&next_cursor=" + std::string(page["next_cursor"])).size() == 1);
  const Answer shown = door.get("/approval/" + first);
  CHECK(shown.body.find("request")->string_or("path", "") == "/tickets/7");
  CHECK(shown.body.find("arguments")->string_or("text", "") == "one");
  CHECK(shown["client"] == "tester 1");
  CHECK(door.get("/approval/apr_none").status == 404);
}

TEST_CASE("Approving sends once and tells what came of it; refusing sends nothing") {
  Waiting waiting;
  Door& door = waiting.door;
  const std::string id = waiting.ask("one");
  const Answer done = door.post("/approval/" + id + "/approve", R"({"reason":"fine"})");
  CHECK(done.status == 200);
  CHECK(done["state"] == "done");
  CHECK(done["reason"] == "fine");
  CHECK(done.body.find("result")->int64_or("id", 0) == 7);
  CHECK(door.post("/approval/" + id + "/approve", "{}").status == 409);
  const std::string other = waiting.ask("two");
  CHECK(door.post("/approval/" + other + "/refuse", R"({"reason":7})").status == 400);
  CHECK(door.post("/approval/" + other + "/refuse", "{}")["state"] == "refused");
  CHECK(waiting.sent == 1);
}

TEST_CASE("The page of a link shows what it is for as text, and only its form decides") {
  Waiting waiting;
  const std::string id = waiting.ask();
  const Answer link = waiting.door.post("/approval/" + id + "/link", "");
  CHECK(link.status == 200);
  const std::string url(link["url"]);
  CHECK(url.starts_with("https://patchbay.example/approve/apl_"));
  const Answer shown = waiting.page(http::Method::get, url);
  CHECK(shown.status == 200);
  CHECK(shown.headers.find("Content-Security-Policy")->contains("default-src 'none'"));
  CHECK(shown.headers.find("Referrer-Policy") == "no-referrer");
  CHECK_FALSE(shown.text.contains("<script"));
  CHECK(shown.text.contains("&lt;script&gt;"));
  CHECK_FALSE(shown.text.contains("\xE2\x80\xAE"));
  CHECK_FALSE(shown.text.contains("apl_"));
  CHECK(shown.text.contains("<form method=\"post\">"));
  CHECK(waiting.sent == 0);
  CHECK(waiting.page(http::Method::post, url, "decision=perhaps").status == 400);
  CHECK(waiting.page(http::Method::post, url, "decision=approve&reason=" + std::string(5'000, 'x'))
            .status == 400);
  const Answer done = waiting.page(http::Method::post, url, "reason=by+link&decision=approve");
  CHECK(done.status == 200);
  CHECK_FALSE(done.text.contains("<form"));
  CHECK(waiting.page(http::Method::post, url, "decision=approve").status == 409);
  CHECK_FALSE(waiting.page(http::Method::get, url).text.contains("<form"));
  CHECK(waiting.sent == 1);
  CHECK(waiting.door.get("/approval/" + id)["reason"] == "by link");
  CHECK(waiting.page(http::Method::get, "/approve/apl_nothing").status == 404);
}

TEST_CASE("A form's body is read only for a link that is ours") {
  Waiting waiting;
  const std::string url(waiting.door.post("/approval/" + waiting.ask() + "/link", "")["url"]);
  const auto verdict = [&](std::string path) {
    http::Request request;
    request.path = path;
    return waiting.door.api.judge_body(request).refused.has_value();
  };
  const std::string path = url.substr(url.find("/approve/"));
  CHECK_FALSE(verdict(path));
  CHECK(verdict(path + "x"));
  CHECK(verdict("/approve/"));
}

}  // namespace
}  // namespace patchbay::admin
