// Calls that wait for a person's yes: who decides, how often it is sent, and what is kept of it.
#include "control/approvals.h"

#include <atomic>
#include <thread>

#include "base/random.h"
#include "base/text.h"
#include "control/test_world.h"
#include "json/parse.h"
#include "json/write.h"

namespace patchbay::control {
namespace {

using testing::World;

struct Desk {
  World world;
  Principal tenant = world.tenant("acme");
  store::AccountRow account = world.connect(tenant);
  Minted<store::McpServerRow> server =
      world.mint(tenant, account.id, json::parse(R"({"require_approval":["delete"]})").value());
  std::atomic<int> sent = 0;
  Sent answer{.state = Sent::State::done, .text = R"({"id":7})", .shown_now = {}};

  Desk() { begin(); }
  void begin() {
    approvals().send_with(
        [this](const vault::TokenHash&, const std::shared_ptr<const McpServer>& live,
               const Approval& approval) {
          CHECK(live->id == approval.row.server_id);
          CHECK(approval.row.state == "sending");
          ++sent;
          return answer;
        },
        std::chrono::minutes(1));
  }
  Approvals& approvals() { return *&world.control->approvals(); }
  NewApproval call(std::string_view arguments = R"({"id":7})") {
    const json::Value said = json::parse(arguments).value();
    json::Object content{{"summary", "Delete ticket 7"},
                         {"arguments", said},
                         {"shown", json::Object{{"request", json::Object{{"path", "/tickets/7"}}}}},
                         {"asked_with", "tok_second"}};
    return {.environment_id = account.environment_id,
            .account_id = account.id,
            .server_id = server.row.id,
            .tool = "delete_a_desk_ticket_by_id",
            .digest = approvals().call_digest(server.row.id, "delete_a_desk_ticket_by_id", said),
            .content = std::move(content),
            .lifetime = std::chrono::hours(24)};
  }
  Approval ask(std::string_view arguments = R"({"id":7})") {
    const auto asked = approvals().ask(call(arguments));
    REQUIRE_MESSAGE(asked.has_value(), asked.error().message);
    return *asked;
  }
  std::string state_of(const std::string& id) {
    return approvals().approval(tenant, id).value().row.state;
  }
};

TEST_CASE("A call waits until somebody approves it, and is then sent once") {
  Desk desk;
  const Approval asked = desk.ask();
  CHECK(asked.row.state == "pending");
  CHECK(asked.row.id.starts_with("apr_"));
  CHECK(desk.sent == 0);
  const auto done = desk.approvals().approve(desk.tenant, asked.row.id, "as agreed");
  REQUIRE_MESSAGE(done.has_value(), done.error().message);
  CHECK(done->row.state == "done");
  CHECK(done->row.decided_by == desk.tenant.token_id);
  CHECK(done->row.reason == "as agreed");
  CHECK(done->outcome.find("result")->int64_or("id", 0) == 7);
  CHECK(desk.sent == 1);
  const auto again = desk.approvals().approve(desk.tenant, asked.row.id, "");
  CHECK(again.error().code == ErrorCode::conflict);
  CHECK(desk.approvals().refuse(desk.tenant, asked.row.id, "").error().code == ErrorCode::conflict);
  CHECK(desk.sent == 1);
}

TEST_CASE("The same call again is the same approval, whatever the order of its arguments") {
  Desk desk;
  const Approval first = desk.ask(R"({"id":7,"note":{"a":1,"b":2}})");
  CHECK(desk.ask(R"({"note":{"b":2,"a":1},"id":7})").row.id == first.row.id);
  CHECK(desk.ask(R"({"id":8})").row.id != first.row.id);
  const auto digest = desk.call(R"({"id":7,"note":{"a":1,"b":2}})").digest;
  const auto found = [&] { return desk.approvals().of_call(desk.server.row.id, digest).value(); };
  CHECK(found()->row.id == first.row.id);
  REQUIRE(desk.approvals().approve(desk.tenant, first.row.id, ""));
  CHECK(found()->row.state == "done");
  // Later it is a new wish.
  desk.world.clock.advance(std::chrono::hours(2));
  CHECK_FALSE(found());
  CHECK(desk.ask(R"({"id":7,"note":{"a":1,"b":2}})").row.id != first.row.id);
}

TEST_CASE("Of many who approve at the same time one sends") {
  Desk desk;
  const std::string id = desk.ask().row.id;
  std::atomic<int> went = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      if (desk.approvals().approve(desk.tenant, id, "")) ++went;
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(went == 1);
  CHECK(desk.sent == 1);
  CHECK(desk.state_of(id) == "done");
}

TEST_CASE("What is refused or has expired is not sent") {
  Desk desk;
  const std::string refused = desk.ask().row.id;
  REQUIRE(desk.approvals().refuse(desk.tenant, refused, "not this one"));
  CHECK(desk.approvals().approve(desk.tenant, refused, "").error().message.contains("refused"));
  const std::string late = desk.ask(R"({"id":8})").row.id;
  desk.world.clock.advance(std::chrono::hours(24));
  CHECK(desk.state_of(late) == "expired");
  CHECK(desk.approvals().approve(desk.tenant, late, "").error().message.contains("expired"));
  CHECK(desk.sent == 0);
  // The same call asks anew, and the timer writes what has expired.
  CHECK(desk.ask(R"({"id":8})").row.id != late);
  CHECK(desk.approvals().approvals(desk.tenant, {.state = "pending"}, {}).value().size() == 1);
  desk.world.control->expire();
  CHECK(desk.world.repository->approval(late).value()->state == "expired");
  desk.world.clock.advance(std::chrono::hours(24 * 31));
  desk.world.control->expire();
  CHECK(desk.approvals().approval(desk.tenant, late).error().code == ErrorCode::not_found);
}

TEST_CASE("A call that waits is found where an earlier one looks newer: the clock was set back") {
  Desk desk;
  const std::string late = desk.ask().row.id;
  desk.world.clock.advance(std::chrono::hours(24));
  desk.world.control->expire();
  desk.world.clock.advance(-std::chrono::hours(48));
  const std::string anew = desk.ask().row.id;
  CHECK(anew != late);
  CHECK(desk.ask().row.id == anew);
  CHECK(desk.state_of(late) == "expired");
}

TEST_CASE("Where the records have changed it says so and asks again") {
  Desk desk;
  const Approval asked = desk.ask();
  const json::Value now =
      json::parse(R"({"request":{"path":"/tickets/7"},"before":{"a":1}})").value();
  desk.answer = {.state = Sent::State::changed, .text = R"({"error":{}})", .shown_now = now};
  const auto stale = desk.approvals().approve(desk.tenant, asked.row.id, "");
  REQUIRE(stale.has_value());
  CHECK(stale->row.state == "stale");
  CHECK(*stale->outcome.find("changed") == now);
  const std::string next(stale->outcome.string_or("replaced_by", ""));
  const auto again = desk.approvals().approval(desk.tenant, next);
  REQUIRE(again.has_value());
  CHECK(again->row.state == "pending");
  CHECK(*again->content.find("shown") == now);
  CHECK(again->content.string_or("replaces", "") == asked.row.id);
  desk.answer = {.state = Sent::State::done, .text = "{}", .shown_now = {}};
  CHECK(desk.approvals().approve(desk.tenant, next, "")->row.state == "done");
}

TEST_CASE("What failed, and what nobody knows of, is told as that") {
  Desk desk;
  desk.answer = {
      .state = Sent::State::failed, .text = R"({"error":{"code":"x"}})", .shown_now = {}};
  const auto failed = desk.approvals().approve(desk.tenant, desk.ask().row.id, "");
  CHECK(failed->row.state == "failed");
  CHECK(failed->outcome.find("error")->find("error")->string_or("code", "") == "x");
  desk.answer.state = Sent::State::unknown;
  const std::string id = desk.ask().row.id;
  CHECK(desk.approvals().approve(desk.tenant, id, "")->row.state == "unknown");
  CHECK(desk.approvals().approve(desk.tenant, id, "").error().code == ErrorCode::conflict);
  CHECK(desk.sent == 2);
}

TEST_CASE("What a crash left while it was sent is unknown, and never sent again") {
  Desk desk;
  const std::string id = desk.ask().row.id;
  std::string seen;
  std::string after;
  desk.approvals().send_with(
      [&](const vault::TokenHash&, const std::shared_ptr<const McpServer>&, const Approval&) {
        seen = desk.state_of(id);
        CHECK(desk.approvals().approve(desk.tenant, id, "").error().message.contains("sent"));
        desk.approvals().settle_interrupted();
        after = desk.state_of(id);
        CHECK(desk.approvals().approve(desk.tenant, id, "").error().code == ErrorCode::conflict);
        return Sent{};
      },
      std::chrono::minutes(1));
  // While the old process is at it, a new one begins over the same database.
  const auto old = std::move(desk.world.control);
  desk.world.begin();
  desk.world.control->set_catalog(testing::fake_catalog());
  old->set_catalog(testing::fake_catalog());
  desk.begin();
  CHECK(old->approvals().approve(desk.tenant, id, "").has_value());
  CHECK(seen == "sending");
  CHECK(after == "unknown");
  CHECK(desk.sent == 0);
}

TEST_CASE("Another node takes what was being sent for unknown once the longest sending is over") {
  Desk desk;
  const std::string id = desk.ask().row.id;
  desk.answer = {.state = Sent::State::done, .text = "{}", .shown_now = {}};
  desk.approvals().send_with(
      [&](const vault::TokenHash&, const std::shared_ptr<const McpServer>&, const Approval&) {
        CHECK(desk.state_of(id) == "sending");
        desk.world.clock.advance(std::chrono::minutes(2));
        CHECK(desk.state_of(id) == "unknown");
        desk.approvals().tidy();
        CHECK(desk.world.repository->approval(id).value()->state == "unknown");
        return desk.answer;
      },
      std::chrono::minutes(1));
  // It was late, and is known after all.
  CHECK(desk.approvals().approve(desk.tenant, id, "")->row.state == "done");
  CHECK(desk.state_of(id) == "done");
}

TEST_CASE("An approval is of its environment, and of its MCP server") {
  Desk desk;
  const std::string id = desk.ask().row.id;
  const Principal other = desk.world.tenant("other");
  CHECK(desk.approvals().approval(other, id).error().code == ErrorCode::not_found);
  CHECK(desk.approvals().approve(other, id, "").error().code == ErrorCode::not_found);
  CHECK(desk.approvals().refuse(other, id, "").error().code == ErrorCode::not_found);
  CHECK(desk.approvals().make_link(other, id).error().code == ErrorCode::not_found);
  CHECK(desk.approvals().approvals(other, {}, {}).value().empty());
  CHECK(desk.approvals().approvals(desk.world.root, {}, {}).value().size() == 1);
  CHECK(desk.approvals().of_server(desk.server.row.id, id));
  CHECK(desk.approvals().of_server("mcp_other", id).error().code == ErrorCode::not_found);
}

TEST_CASE("The token with which a call came in does not decide over it") {
  Desk desk;
  const auto second = desk.world.control->create_api_token(desk.tenant, desk.tenant.environment_id,
                                                           "second", std::nullopt);
  const Principal model = desk.world.authenticate(second->token.reveal()).value();
  NewApproval call = desk.call();
  call.content["asked_with"] = model.token_id;
  const std::string id = desk.approvals().ask(call).value().row.id;
  CHECK(desk.approvals().approve(model, id, "").error().code == ErrorCode::permission_denied);
  CHECK(desk.approvals().refuse(model, id, "").error().code == ErrorCode::permission_denied);
  CHECK(desk.approvals().make_link(model, id).error().code == ErrorCode::permission_denied);
  // Nor does one that was deleted while it waited.
  REQUIRE(desk.world.control->delete_api_token(desk.tenant, second->row.id));
  CHECK(desk.approvals().approve(model, id, "").error().code == ErrorCode::unauthenticated);
  CHECK(desk.sent == 0);
}

TEST_CASE("A call is not sent for an MCP server that is gone, and waits for nobody any more") {
  Desk desk;
  const std::string id = desk.ask().row.id;
  const std::string done = desk.ask(R"({"id":8})").row.id;
  REQUIRE(desk.approvals().approve(desk.tenant, done, ""));
  desk.sent = 0;
  REQUIRE(desk.world.control->delete_mcp_server(desk.tenant, desk.account.id, desk.server.row.id));
  const auto refused = desk.approvals().approve(desk.tenant, id, "");
  CHECK(refused.error().code == ErrorCode::conflict);
  CHECK(desk.sent == 0);
  const auto ended = desk.approvals().approval(desk.tenant, id).value().row;
  CHECK(ended.state == "refused");
  CHECK(ended.decided_by.empty());
  CHECK(ended.reason == "Its MCP server was deleted.");
  CHECK(ended.decided_at.has_value());
  CHECK(desk.state_of(done) == "done");
}

TEST_CASE("What waits for an MCP server that expires ends with it") {
  Desk desk;
  const std::string id = desk.ask().row.id;
  McpServerChange soon;
  soon.expires_at = desk.world.clock.now() + std::chrono::minutes(2);
  const auto changed = desk.world.control->update_mcp_server(desk.tenant, desk.account.id,
                                                             desk.server.row.id, std::move(soon));
  REQUIRE_MESSAGE(changed.has_value(), changed.error().message);
  desk.world.clock.advance(std::chrono::minutes(3));
  static_cast<void>(desk.world.control->expire());
  const auto ended = desk.approvals().approval(desk.tenant, id).value().row;
  CHECK(ended.state == "refused");
  CHECK(ended.reason == "Its MCP server has expired.");
}

TEST_CASE("A link decides one approval, once, and as long as the token that made it stands") {
  Desk desk;
  const std::string id = desk.ask().row.id;
  const auto link = desk.approvals().make_link(desk.tenant, id);
  REQUIRE(link.has_value());
  CHECK(desk.approvals().may_be_link(link->token));
  for (int i = 0; i < 3; ++i) CHECK(desk.approvals().at_link(link->token)->row.state == "pending");
  std::string altered = link->token;
  altered[altered.find('.') + 1] = '9';
  CHECK_FALSE(desk.approvals().may_be_link(altered));
  CHECK(desk.approvals().approve_by_link(altered, "").error().code == ErrorCode::not_found);
  CHECK(desk.approvals().at_link("apl_").error().code == ErrorCode::not_found);
  const auto done = desk.approvals().approve_by_link(link->token, "fine");
  REQUIRE_MESSAGE(done.has_value(), done.error().message);
  CHECK(done->row.decided_by == "link of " + desk.tenant.token_id);
  CHECK(desk.approvals().approve_by_link(link->token, "").error().code == ErrorCode::conflict);
  CHECK(desk.approvals().refuse_by_link(link->token, "").error().code == ErrorCode::conflict);
  CHECK(desk.sent == 1);

  const auto maker = desk.world.control->create_api_token(desk.tenant, desk.tenant.environment_id,
                                                          "maker", std::nullopt);
  const Principal made_by = desk.world.authenticate(maker->token.reveal()).value();
  const auto other = desk.approvals().make_link(made_by, desk.ask(R"({"id":9})").row.id).value();
  const auto late =
      desk.approvals().make_link(desk.tenant, desk.ask(R"({"id":10})").row.id).value();
  REQUIRE(desk.world.control->delete_api_token(desk.tenant, maker->row.id));
  CHECK(desk.approvals().approve_by_link(other.token, "").error().code == ErrorCode::not_found);
  desk.world.clock.advance(std::chrono::hours(24));
  CHECK_FALSE(desk.approvals().may_be_link(late.token));
  CHECK(desk.approvals().at_link(late.token).error().code == ErrorCode::not_found);
}

TEST_CASE("What lies in the database is sealed, and an altered row is not served") {
  Desk desk;
  const std::string id = desk.ask(R"({"id":7,"note":"private words"})").row.id;
  store::ApprovalRow row = desk.world.repository->approval(id).value().value();
  CHECK_FALSE(row.content.bytes.contains("private words"));
  CHECK_FALSE(row.content.bytes.contains("/tickets/7"));
  row.expires_at += std::chrono::hours(24);
  REQUIRE(desk.world.repository->update(row));
  CHECK(desk.approvals().approval(desk.tenant, id).error().code == ErrorCode::not_found);
  CHECK(desk.approvals().approve(desk.tenant, id, "").error().code == ErrorCode::not_found);
  CHECK(desk.approvals().approvals(desk.tenant, {}, {}).value().empty());
  CHECK(desk.sent == 0);
}

TEST_CASE("An altered row counts, once, until it is mended") {
  Desk desk;
  const std::string id = desk.ask(R"({"id":7})").row.id;
  desk.ask(R"({"id":8})");
  CHECK(desk.world.control->altered_rows() == 0);
  store::ApprovalRow row = desk.world.repository->approval(id).value().value();
  const WallTime was = row.expires_at;
  row.expires_at += std::chrono::hours(24);
  REQUIRE(desk.world.repository->update(row));
  for (int look = 0; look < 2; ++look) {
    CHECK_FALSE(desk.approvals().approval(desk.tenant, id));
    CHECK(desk.world.control->altered_rows() == 1);
  }
  desk.world.control->look_at_altered_again();
  CHECK(desk.world.control->altered_rows() == 1);
  row.expires_at = was;
  REQUIRE(desk.world.repository->update(row));
  desk.world.control->look_at_altered_again();
  CHECK(desk.world.control->altered_rows() == 0);
}

TEST_CASE("The look over all rows at the start finds an altered approval that nobody asks for") {
  Desk desk;
  const std::string id = desk.ask(R"({"id":7})").row.id;
  store::ApprovalRow row = desk.world.repository->approval(id).value().value();
  row.state = "done";
  REQUIRE(desk.world.repository->update(row));
  REQUIRE(desk.world.control->look_over());
  CHECK(desk.world.control->altered_rows() == 1);
}

TEST_CASE("How much waits is bounded, and how large one is") {
  Desk desk;
  for (int i = 0; i < Approvals::kMostPendingOfServer; ++i) {
    desk.ask("{\"id\":" + std::to_string(i) + "}");
  }
  const auto more = desk.approvals().ask(desk.call(R"({"id":100000})"));
  CHECK(more.error().code == ErrorCode::rate_limited);
  CHECK(more.error().message.contains("100"));
  // Who asks for one of those that wait gets it.
  CHECK(desk.approvals().ask(desk.call(R"({"id":5})")));
  const std::string large = "{\"text\":\"" + std::string(Approvals::kMostBytes, 'x') + "\"}";
  CHECK(desk.approvals().ask(desk.call(large)).error().code == ErrorCode::too_large);
  const std::string id = desk.approvals().ask(desk.call(R"({"id":5})"))->row.id;
  CHECK(desk.approvals().refuse(desk.tenant, id, std::string(501, 'x')).error().code ==
        ErrorCode::invalid_argument);
}

TEST_CASE("One environment does not take the room of all") {
  constexpr std::int64_t kHalf = Approvals::kMostPending / 2;
  const auto fill = [](Desk& desk, const store::AccountRow& account) {
    const WallTime now = desk.world.clock.now();
    for (std::int64_t i = 0; i < kHalf; ++i) {
      store::ApprovalRow row{.id = random_id("apr"),
                             .environment_id = account.environment_id,
                             .account_id = account.id,
                             .server_id = "mcp_" + std::to_string(i / 100),
                             .tool = "delete_a_desk_ticket_by_id",
                             .digest = std::to_string(i),
                             .content = {},
                             .outcome = {},
                             .expires_at = now + std::chrono::hours(1),
                             .created_at = now,
                             .updated_at = now};
      REQUIRE(desk.world.repository->insert(row));
    }
  };
  Desk beside;
  fill(beside, beside.world.connect(beside.world.tenant("Other")));
  beside.ask();
  Desk full;
  fill(full, full.account);
  CHECK(full.approvals().ask(full.call()).error().code == ErrorCode::rate_limited);
}

}  // namespace
}  // namespace patchbay::control
