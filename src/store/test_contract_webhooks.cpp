#include <doctest/doctest.h>

#include "store/each_row.h"
#include "store/test_repository_contract.h"
#include "store/test_rows.h"

namespace patchbay::store {
namespace {

constexpr std::int64_t kWanted = kOfExpiry;

template <class Row>
std::vector<std::string> ids_of(const Result<std::vector<Row>>& rows) {
  REQUIRE(rows.has_value());
  std::vector<std::string> ids;
  for (const Row& row : *rows) ids.push_back(row.id);
  return ids;
}
using Ids = std::vector<std::string>;
const Page kAll{.limit = 100, .after = {}};

void add(WebhookRows& webhooks, WebhookRow row) {
  REQUIRE(webhooks.insert(row));
}

Ids deliveries_of(Repository& repository, std::string_view webhook_id) {
  return ids_of(repository.webhooks().deliveries(webhook_id, "", kAll));
}

void claim_all(Repository& repository, std::string_view webhook_id, WallTime until) {
  for (DeliveryRow& row : given(repository.webhooks().due(webhook_id, at(1'000), 10))) {
    REQUIRE(given(repository.webhooks().claim(row, "node", until)));
  }
}

void check_webhook_rows(const RepositoryFactory& factory, std::unique_ptr<Repository>& repository) {
  SUBCASE("Every field of a webhook comes back as it went in, also after a restart") {
    WebhookRow row = webhook("whk_1", "env_1");
    row.enabled = false;
    row.disabled_because = "gone";
    row.previous.bytes = std::string("\0old", 4);
    row.previous_until = at(77);
    REQUIRE(repository->webhooks().insert(row));
    CHECK(row.version == 1);
    repository = factory.reopen(std::move(repository));
    const auto found = given(repository->webhooks().webhook("whk_1"));
    REQUIRE(found);
    CHECK(found->environment_id == "env_1");
    CHECK(found->url == row.url);
    CHECK(found->description == row.description);
    CHECK(found->events == kWanted);
    CHECK_FALSE(found->enabled);
    CHECK(found->disabled_because == "gone");
    CHECK(found->secret.bytes == row.secret.bytes);
    CHECK(found->previous.bytes == row.previous.bytes);
    CHECK(found->previous_until == at(77));
    CHECK(found->created_by == "tok_1");
    CHECK(found->created_at == at(10));
    CHECK(found->updated_at == at(11));
    CHECK(found->mac == row.mac);
    CHECK_FALSE(given(repository->webhooks().webhook("whk_2")));
  }

  SUBCASE("Of two who change one, one does; lists go by page within an environment") {
    WebhookRow row = webhook("whk_1", "env_1");
    REQUIRE(repository->webhooks().insert(row));
    WebhookRow other = row;
    row.url = "https://other.example";
    REQUIRE(repository->webhooks().update(row));
    CHECK(code_of(repository->webhooks().update(other)) == ErrorCode::conflict);
    WebhookRow never = webhook("whk_9", "env_1");
    CHECK(code_of(repository->webhooks().update(never)) == ErrorCode::not_found);
    WebhookRow nowhere = webhook("whk_9", "env_9");
    CHECK(code_of(repository->webhooks().insert(nowhere)) == ErrorCode::not_found);
    for (int i = 2; i <= 4; ++i) {
      WebhookRow next = webhook("whk_" + std::to_string(i), i == 3 ? "env_2" : "env_1");
      next.created_at = at(10 + i);
      REQUIRE(repository->webhooks().insert(next));
    }
    CHECK(ids_of(repository->webhooks().webhooks("", kAll)) ==
          Ids{"whk_4", "whk_3", "whk_2", "whk_1"});
    const Page first{.limit = 2, .after = {}};
    CHECK(ids_of(repository->webhooks().webhooks("env_1", first)) == Ids{"whk_4", "whk_2"});
    const Page second{.limit = 2, .after = Page::Position{at(12), "whk_2"}};
    CHECK(ids_of(repository->webhooks().webhooks("env_1", second)) == Ids{"whk_1"});
    CHECK(given(repository->webhooks().count("env_1")) == 3);
    CHECK(ids_of(repository->webhooks().webhooks_after("whk_2", 10)) == Ids{"whk_3", "whk_4"});
    REQUIRE(repository->webhooks().remove("whk_1"));
    CHECK(code_of(repository->webhooks().remove("whk_1")) == ErrorCode::not_found);
    REQUIRE(repository->delete_environment("env_1"));
    CHECK(ids_of(repository->webhooks().webhooks("", kAll)) == Ids{"whk_3"});
  }
}

void check_telling(Repository& repository) {
  add(repository.webhooks(), webhook("whk_1", "env_1"));
  add(repository.webhooks(), webhook("whk_2", "env_1"));
  add(repository.webhooks(), webhook("whk_3", "env_2"));
  WebhookRow off = webhook("whk_4", "env_1");
  off.enabled = false;
  REQUIRE(repository.webhooks().insert(off));
  WebhookRow deaf = webhook("whk_5", "env_1");
  deaf.events = 1;
  REQUIRE(repository.webhooks().insert(deaf));
  int woken = 0;
  repository.webhooks().on_told([&] { ++woken; });

  SUBCASE("A change and what is told of it are one commit, for those who want to hear of it") {
    McpServerRow row = server("mcp_1", "acc_1", 1);
    REQUIRE(repository.insert(row, message("msg_1")));
    CHECK(woken == 1);
    CHECK(deliveries_of(repository, "whk_1") == Ids{"whk_1.msg_1"});
    CHECK(deliveries_of(repository, "whk_2") == Ids{"whk_2.msg_1"});
    for (const char* const id : {"whk_3", "whk_4", "whk_5"}) {
      CHECK(deliveries_of(repository, id).empty());
    }
    const auto found = given(repository.webhooks().delivery("whk_1.msg_1"));
    REQUIRE(found);
    CHECK(found->message_id == "msg_1");
    CHECK(found->event == "thing.happened");
    CHECK(found->payload.bytes == message("msg_1").payload.bytes);
    CHECK(found->once.empty());
    CHECK(found->state == "pending");
    CHECK(found->tries == 0);
    CHECK(found->due_at == at(500));
    CHECK(found->claim.empty());
    CHECK(found->attempts == "[]");
    CHECK(found->created_at == at(500));
    // What does not happen is not told of.
    McpServerRow again = server("mcp_1", "acc_1", 2);
    CHECK(code_of(repository.insert(again, message("msg_2"))) == ErrorCode::conflict);
    AccountRow stale = given(repository.account("acc_1")).value();
    AccountRow fresh = stale;
    REQUIRE(repository.update(fresh, message("msg_3")));
    CHECK(code_of(repository.update(stale, message("msg_4"))) == ErrorCode::conflict);
    ApprovalRow asked = approval("apr_1", "acc_1", "d1");
    REQUIRE(repository.insert(asked, message("msg_5")));
    ApprovalRow same = approval("apr_2", "acc_1", "d1");
    CHECK(code_of(repository.insert(same, message("msg_6"))) == ErrorCode::conflict);
    CHECK(deliveries_of(repository, "whk_1") == Ids{"whk_1.msg_5", "whk_1.msg_3", "whk_1.msg_1"});
    CHECK(woken == 3);
  }

  SUBCASE("What is told once is told once to each") {
    Message first = message("msg_1");
    first.once = "mcp_1 expires";
    Message second = message("msg_2");
    second.once = first.once;
    ApprovalRow asked = approval("apr_1", "acc_1", "d1");
    REQUIRE(repository.insert(asked, first));
    add(repository.webhooks(), webhook("whk_6", "env_1"));
    ApprovalRow other = approval("apr_2", "acc_1", "d2");
    REQUIRE(repository.insert(other, second));
    CHECK(deliveries_of(repository, "whk_1") == Ids{"whk_1.msg_1"});
    CHECK(deliveries_of(repository, "whk_6") == Ids{"whk_6.msg_2"});
  }

  SUBCASE("Nobody who listens: nothing is kept, and nobody is woken") {
    Message elsewhere = message("msg_1");
    elsewhere.event = 8;
    McpServerRow row = server("mcp_1", "acc_1", 1);
    REQUIRE(repository.insert(row, elsewhere));
    CHECK(given(repository.mcp_server("mcp_1")));
    CHECK(woken == 0);
  }

  SUBCASE("Whether anybody hears of what expires soon is known, of those that are enabled") {
    CHECK(given(repository.webhooks().anybody_hears_of_expiry()));
    for (const char* const id : {"whk_1", "whk_2", "whk_3"}) {
      REQUIRE(repository.webhooks().remove(id));
    }
    CHECK_FALSE(given(repository.webhooks().anybody_hears_of_expiry()));
  }
}

void check_expiry(Repository& repository) {
  add(repository.webhooks(), webhook("whk_1", "env_1"));
  for (std::uint32_t i = 1; i <= 3; ++i) {
    McpServerRow row = server("mcp_" + std::to_string(i), "acc_1", i);
    row.expires_at = at(100 * i);
    REQUIRE(repository.insert(row));
  }
  const auto tell = [](const McpServerRow& row) { return std::optional(message("of_" + row.id)); };

  SUBCASE("Of what is deleted since it is over is told in the same commit") {
    REQUIRE(given(repository.delete_expired(at(200), 10, tell)).size() == 2);
    CHECK(deliveries_of(repository, "whk_1") == Ids{"whk_1.of_mcp_2", "whk_1.of_mcp_1"});
    REQUIRE(given(repository.delete_expired(at(200), 10, tell)).empty());
    CHECK(deliveries_of(repository, "whk_1").size() == 2);
  }

  SUBCASE("What soon will be over is listed, the first first, of all or of an environment") {
    const auto ids = [&](const Expiring& wanted) {
      Ids found;
      for (const auto& row : given(repository.mcp_servers_expiring(wanted))) {
        found.push_back(row.id);
      }
      return found;
    };
    CHECK(ids({.after = at(0), .by = at(200)}) == Ids{"mcp_1", "mcp_2"});
    CHECK(ids({.after = at(100), .by = at(1000)}).front() == "mcp_2");
    CHECK(ids({.after = at(0), .by = at(200), .limit = 1}) == Ids{"mcp_1"});
    CHECK(ids({.after = at(0), .by = at(200), .environment_id = "env_1"}).size() == 2);
    CHECK(ids({.after = at(0), .by = at(200), .environment_id = "env_2"}).empty());
  }

  SUBCASE("Of what soon will be is told once, and again when it was put off") {
    CHECK(given(repository.nearest_untold_expiry()) == at(100));
    CHECK(given(repository.tell_of_expiry(at(200), 1, tell)) == 1);
    CHECK(given(repository.tell_of_expiry(at(200), 1, tell)) == 1);
    CHECK(given(repository.tell_of_expiry(at(200), 1, tell)) == 0);
    CHECK(given(repository.nearest_untold_expiry()) == at(300));
    CHECK(deliveries_of(repository, "whk_1") == Ids{"whk_1.of_mcp_2", "whk_1.of_mcp_1"});
    McpServerRow later = given(repository.mcp_server("mcp_1")).value();
    later.expires_at = at(250);
    REQUIRE(repository.update(later));
    CHECK(given(repository.nearest_untold_expiry()) == at(250));
    later.expires_at = {};
    REQUIRE(repository.update(later));
    CHECK(given(repository.nearest_untold_expiry()) == at(300));
  }
}

void check_deliveries(Repository& repository) {
  WebhookRows& webhooks = repository.webhooks();
  add(webhooks, webhook("whk_1", "env_1"));
  add(webhooks, webhook("whk_2", "env_1"));
  for (int i = 1; i <= 3; ++i) {
    REQUIRE(webhooks.insert(delivery(i == 3 ? "whk_2" : "whk_1", "msg_" + std::to_string(i), i)));
  }

  SUBCASE("One webhook after the other is found by what waits for it") {
    const auto first = given(webhooks.next_waiting(""));
    REQUIRE(first);
    CHECK(first->webhook_id == "whk_1");
    CHECK(first->due_at == at(1));
    CHECK(given(webhooks.next_waiting("whk_1"))->webhook_id == "whk_2");
    CHECK_FALSE(given(webhooks.next_waiting("whk_2")));
    CHECK(ids_of(webhooks.due("whk_1", at(1), 10)) == Ids{"whk_1.msg_1"});
    CHECK(ids_of(webhooks.due("whk_1", at(9), 10)) == Ids{"whk_1.msg_1", "whk_1.msg_2"});
    CHECK(ids_of(webhooks.due("whk_1", at(9), 1)) == Ids{"whk_1.msg_1"});
  }

  SUBCASE("Of two who claim one, one has it, until it is over; then the other one's word counts") {
    DeliveryRow ours = given(webhooks.due("whk_1", at(9), 1)).front();
    DeliveryRow theirs = ours;
    REQUIRE(given(webhooks.claim(ours, "a", at(60))));
    CHECK_FALSE(given(webhooks.claim(theirs, "b", at(60))));
    CHECK(ids_of(webhooks.due("whk_1", at(59), 10)) == Ids{"whk_1.msg_2"});
    theirs = given(webhooks.due("whk_1", at(60), 10)).back();
    REQUIRE(theirs.id == ours.id);
    REQUIRE(given(webhooks.claim(theirs, "b", at(120))));
    ours.state = "delivered";
    CHECK_FALSE(given(webhooks.finish(ours)));
    theirs.tries = 1;
    theirs.due_at = at(70);
    theirs.attempts = "[1]";
    REQUIRE(given(webhooks.finish(theirs)));
    const auto now = given(webhooks.delivery(ours.id)).value();
    CHECK(now.state == "pending");
    CHECK(now.tries == 1);
    CHECK(now.due_at == at(70));
    CHECK(now.attempts == "[1]");
    CHECK(now.claim.empty());
  }

  SUBCASE("What was delivered waits no more, until it is asked for again; then it is as it was") {
    DeliveryRow row = given(webhooks.due("whk_2", at(9), 1)).front();
    CHECK_FALSE(given(webhooks.send_again(row.id, at(30))));
    REQUIRE(given(webhooks.claim(row, "a", at(60))));
    row.state = "delivered";
    row.tries = 1;
    REQUIRE(given(webhooks.finish(row)));
    CHECK_FALSE(given(webhooks.next_waiting("whk_1")));
    CHECK(ids_of(webhooks.deliveries("whk_2", "delivered", kAll)) == Ids{"whk_2.msg_3"});
    CHECK(ids_of(webhooks.deliveries("whk_2", "pending", kAll)).empty());
    int woken = 0;
    webhooks.on_told([&] { ++woken; });
    REQUIRE(given(webhooks.send_again(row.id, at(30))));
    CHECK(woken == 1);
    const DeliveryRow again = given(webhooks.due("whk_2", at(30), 1)).front();
    CHECK(again.tries == 0);
    CHECK(again.payload.bytes == row.payload.bytes);
    CHECK_FALSE(given(webhooks.send_again("whk_2.msg_9", at(30))));
  }

  SUBCASE("What a process left that ended is free again, and what is old and done goes") {
    claim_all(repository, "whk_1", at(5'000));
    CHECK(ids_of(webhooks.due("whk_1", at(4'000), 10)).empty());
    CHECK(given(webhooks.release_claims(at(20))) == 2);
    CHECK(ids_of(webhooks.due("whk_1", at(20), 10)).size() == 2);
    claim_all(repository, "whk_1", at(5'000));
    DeliveryRow row = given(webhooks.delivery("whk_1.msg_1")).value();
    row.state = "given_up";
    REQUIRE(given(webhooks.finish(row)));
    CHECK(given(webhooks.delete_deliveries(at(1), 10)) == 1);
    CHECK(given(webhooks.delete_deliveries(at(900), 10)) == 0);
    CHECK(ids_of(webhooks.deliveries_after("", 10)) == Ids{"whk_1.msg_2", "whk_2.msg_3"});
    REQUIRE(webhooks.remove("whk_1"));
    CHECK(ids_of(webhooks.deliveries_after("", 10)) == Ids{"whk_2.msg_3"});
    CHECK(code_of(webhooks.insert(delivery("whk_1", "msg_9", 1))) == ErrorCode::not_found);
  }
}

void check_quota(Repository& repository) {
  add(repository.webhooks(), webhook("whk_1", "env_1"));
  REQUIRE(repository.insert(server("mcp_1", "acc_1", 1)));
  const auto tell = [&](QuotaOf, const QuotaGrant& grant) {
    return std::optional(message("of_" + std::to_string(grant.period)));
  };
  const auto take = [&](std::int64_t period, std::int64_t wanted) {
    QuotaWishes wishes{};
    wishes[1] = {.period = period, .limit = 10, .wanted = wanted};
    return given(repository.take_quota("mcp_1", wishes, tell))[1].granted;
  };
  SUBCASE("Whoever takes the last of a quota tells of it, once in a period") {
    CHECK(take(5, 9) == 9);
    CHECK(deliveries_of(repository, "whk_1").empty());
    CHECK(take(5, 9) == 1);
    CHECK(take(5, 9) == 0);
    CHECK(deliveries_of(repository, "whk_1") == Ids{"whk_1.of_5"});
    CHECK(take(6, 10) == 10);
    CHECK(deliveries_of(repository, "whk_1") == Ids{"whk_1.of_6", "whk_1.of_5"});
  }
}

}  // namespace

void check_webhooks(const RepositoryFactory& factory) {
  auto repository = factory.make();
  REQUIRE(repository->insert(environment("env_1")));
  REQUIRE(repository->insert(environment("env_2")));
  REQUIRE(repository->insert(account("acc_1", "env_1")));
  SUBCASE("rows") {
    check_webhook_rows(factory, repository);
  }
  SUBCASE("telling") {
    check_telling(*repository);
  }
  SUBCASE("expiry") {
    check_expiry(*repository);
  }
  SUBCASE("deliveries") {
    check_deliveries(*repository);
  }
  SUBCASE("quota") {
    check_quota(*repository);
  }
}

}  // namespace patchbay::store
