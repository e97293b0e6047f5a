// The same write again: while the first runs, and after an answer that did not arrive.
#include <algorithm>
#include <ranges>

#include "gateway/test_world.h"
#include "io/receipt.h"

namespace patchbay::gateway {

namespace {

constexpr const char* kNote = "create_a_connect_wise_psa_ticket_note";
constexpr const char* kAdd =
    R"({"ticketId":5012,"text":"Called back.","internalAnalysisFlag":true})";

// A client whose connection the test breaks.
struct Desk {
  World world;
  std::shared_ptr<io::Receipt> receipt;  // of the next call's answer

  explicit Desk(sandbox::SandboxOptions sandbox = {}, GatewayOptions options = {})
      : world(std::move(sandbox), std::move(options)) {
    world.harness.context.receipt = [this] { return receipt = std::make_shared<io::Receipt>(); };
  }
  std::size_t notes() { return world.direct_ids("/service/tickets/5012/notes").size(); }
};

bool is_told_again(const json::Value& result) {
  return result.string_or("notice", "").contains("nothing was sent a second time");
}

}  // namespace

TEST_CASE(
    "repeated: after a lost answer the same call gets the first outcome, once it arrives no more") {
  Desk desk;
  const auto before = desk.notes();
  const auto first = desk.world.call(kNote, kAdd);
  REQUIRE_MESSAGE(!first.result.is_error, first.result.text);
  CHECK_FALSE(is_told_again(first.value));
  desk.receipt->lost();
  for (int round = 0; round < 3; ++round) {
    const auto again = desk.world.call(kNote, kAdd);
    REQUIRE_MESSAGE(!again.result.is_error, again.result.text);
    CHECK(again.value.int64_or("id", -1) == first.value.int64_or("id", -2));
    CHECK(is_told_again(again.value));
    CHECK(again.result.text.starts_with("{\"notice\":"));
    if (round < 2) desk.receipt->lost();  // the third one arrives
  }
  CHECK(desk.notes() == before + 1);
  // From here on it is a new wish: the guard against doubles sees it.
  const auto wish = desk.world.call(kNote, kAdd);
  CHECK(wish.result.is_error);
  CHECK(wish.error().contains("allow_duplicate"));
}

TEST_CASE("repeated: an answer that arrived, other arguments, another server, another key") {
  Desk desk;
  const auto before = desk.notes();
  const char* const kTwice =
      R"({"ticketId":5012,"text":"Called.","internalAnalysisFlag":true,"allow_duplicate":true})";
  for (int i = 0; i < 2; ++i) {
    CHECK_FALSE(is_told_again(desk.world.call(kNote, kTwice).value));
    CHECK(desk.receipt == nullptr);
  }
  CHECK(desk.notes() == before + 2);
  CHECK_FALSE(is_told_again(
      desk.world.call(kNote, R"({"ticketId":5012,"text":"Other.","internalAnalysisFlag":true})")
          .value));
  CHECK(desk.notes() == before + 3);
  REQUIRE(!desk.world.call(kNote, kAdd).result.is_error);
  desk.receipt->lost();
  desk.world.harness.context.scope_id = "srv_other";
  const auto other = desk.world.call(kNote, kAdd);
  CHECK_FALSE(is_told_again(other.value));
  CHECK(other.result.is_error);  // its own guard: the note is there
}

TEST_CASE("repeated: without a receipt, and with a window of nothing, each call is a wish") {
  Desk desk({}, {.repeat_window = std::chrono::milliseconds(0)});
  REQUIRE(!desk.world.call(kNote, kAdd).result.is_error);
  CHECK(desk.receipt == nullptr);
  CHECK(desk.world.call(kNote, kAdd).result.is_error);
  Desk unknowing;
  unknowing.world.harness.context.receipt = nullptr;
  REQUIRE(!unknowing.world.call(kNote, kAdd).result.is_error);
  CHECK(unknowing.world.call(kNote, kAdd).result.is_error);
}

TEST_CASE("repeated: the window passes") {
  Desk desk({}, {.repeat_window = std::chrono::milliseconds(1)});
  REQUIRE(!desk.world.call(kNote, kAdd).result.is_error);
  desk.receipt->lost();
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  CHECK(desk.world.call(kNote, kAdd).result.is_error);
}

TEST_CASE("repeated: calls at the same time make one record") {
  Desk desk({.latency = std::chrono::milliseconds(200)});
  const auto before = desk.notes();
  const auto results = desk.world.harness.call_together({5, {kNote, kAdd}});
  std::size_t told = 0;
  std::int64_t id = 0;
  for (const auto& result : results) {
    REQUIRE_MESSAGE(!result.is_error, result.text);
    const auto value = json::parse(result.text).value();
    told += is_told_again(value);
    if (id == 0) id = value.int64_or("id", 0);
    CHECK(value.int64_or("id", -1) == id);
  }
  CHECK(told == 4);
  CHECK(desk.notes() == before + 1);
}

TEST_CASE("repeated: what failed is tried again, also by those who waited for it") {
  Desk desk({.latency = std::chrono::milliseconds(50)});
  const char* const kNowhere = R"({"ticketId":999999999,"text":"x","internalAnalysisFlag":true})";
  for (const auto& result : desk.world.harness.call_together({3, {kNote, kNowhere}})) {
    CHECK(result.is_error);
    CHECK_FALSE(result.text.contains("a second time"));
  }
  desk.receipt->lost();
  CHECK_FALSE(desk.world.call(kNote, kNowhere).error().contains("a second time"));
}

TEST_CASE("repeated: an unknown outcome is told again as it is") {
  io::Runtime runtime{{.loops = 1}};
  runtime.start();
  int posts = 0;
  StubUpstream upstream(runtime, [&](const StubUpstream::Seen& seen) {
    if (seen.method != "POST") return http::Response::json(200, "[]");
    ++posts;
    return http::Response::html(200, "<html><title>Sign in</title></html>");
  });
  Harness harness(runtime, upstream.port());
  std::shared_ptr<io::Receipt> receipt;
  harness.context.receipt = [&] { return receipt = std::make_shared<io::Receipt>(); };
  const auto first = harness.call(kNote, kAdd);
  CHECK(first.was_applied() == "unknown");
  CHECK(posts == 1);
  receipt->lost();
  const auto again = harness.call(kNote, kAdd);
  CHECK(again.was_applied() == "unknown");
  CHECK(again.error().contains("nothing was sent a second time"));
  CHECK(posts == 1);
  runtime.stop();
}

TEST_CASE("repeated: a delete whose answer was lost is told as done, an update is done again") {
  Desk desk;
  const auto made = desk.world.call(kNote, kAdd);
  REQUIRE_MESSAGE(!made.result.is_error, made.result.text);
  const auto id = std::to_string(made.value.int64_or("id", 0));
  const auto change = R"({"ticketId":5012,"id":)" + id + R"(,"text":"Called back twice."})";
  for (int i = 0; i < 2; ++i) {
    const auto changed = desk.world.call("update_a_connect_wise_psa_ticket_note_by_id", change);
    CHECK_MESSAGE(!changed.result.is_error, changed.result.text);
    CHECK_FALSE(is_told_again(changed.value));
  }
  const auto gone = R"({"ticketId":5012,"id":)" + id + "}";
  for (int i = 0; i < 2; ++i) {
    const auto deleted = desk.world.call("delete_a_connect_wise_psa_ticket_note_by_id", gone);
    CHECK_MESSAGE(!deleted.result.is_error, deleted.result.text);
    CHECK(is_told_again(deleted.value) == (i == 1));
    desk.receipt->lost();
  }
}

}  // namespace patchbay::gateway
