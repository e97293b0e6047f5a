#include <new>

#include <doctest/doctest.h>

#include "store/test_repository_contract.h"
#include "store/test_rows.h"

namespace patchbay::store {

void check_events_and_secrets(const RepositoryFactory& factory) {
  auto repository = factory.make();
  REQUIRE(repository->insert(environment("env_1")));

  const auto within = [&](const std::function<Result<>(EventSession&)>& work) {
    REQUIRE(repository->change_events(work));
  };

  SUBCASE(
      "Whose memory ends within a change is told, nothing of it stays, and the next one is made") {
    for (int i = 0; i < 20; ++i) {
      const auto done = repository->change_events([](EventSession& session) -> Result<> {
        REQUIRE(session.insert(event("evt_1", "acc_1", "", 1)));
        throw std::bad_alloc();
      });
      REQUIRE_FALSE(done);
      CHECK(done.error().code == ErrorCode::unavailable);
    }
    add(*repository, event("evt_1", "acc_1", "", 1));
  }

  SUBCASE("A key is its event's until it is freed, also after a restart; the event stays") {
    add(*repository, event("evt_1", "acc_1", "k'1", 1));
    CHECK_FALSE(repository->change_events(
        [&](EventSession& session) { return session.insert(event("evt_2", "acc_1", "k'1", 2)); }));
    // Another account's key is another key, and events without one are many.
    add(*repository, event("evt_3", "acc_2", "k'1", 3));
    add(*repository, event("evt_4", "acc_1", "", 4));
    add(*repository, event("evt_5", "acc_1", "", 5));
    CHECK_FALSE(found_by_key(*repository, "acc_1", "k'2"));

    const vault::SealedBytes sealed{std::string("\0sealed\xff", 8)};
    EventRow row = event("evt_1", "acc_1", "k'1", 1);
    row.outcome = "done";
    row.ended = R"({"record_id":7})";
    row.ended_number = 6;
    row.ended_link = "link 6";
    within([&](EventSession& session) -> Result<> {
      CHECK_FALSE(given(session.take_key("evt_1", at(99))));
      CHECK(given(session.end(row)));
      CHECK_FALSE(given(session.end(row)));  // once
      return session.keep_result("evt_1", "done", sealed);
    });
    repository = factory.reopen(std::move(repository));
    auto found = found_by_key(*repository, "acc_1", "k'1");
    REQUIRE(found);
    CHECK(found->id == "evt_1");
    CHECK(found->chain == "env_1");
    CHECK(found->number == 1);
    CHECK(found->at == at(100));
    CHECK(found->kind == "write");
    CHECK(found->account_id == "acc_1");
    CHECK(found->server_id == "mcp_1");
    CHECK(found->tool == "create_a_thing");
    CHECK(found->outcome == "done");
    CHECK(found->begun == R"({"client":"c"})");
    CHECK(found->link == "link 1");
    CHECK(found->ended == R"({"record_id":7})");
    CHECK(found->ended_number == 6);
    CHECK(found->ended_link == "link 6");
    CHECK(found->key == "k'1");
    CHECK(found->digest == "d1");
    CHECK(found->state == "done");
    CHECK(found->result.bytes == sealed.bytes);

    within([&](EventSession& session) -> Result<> {
      CHECK_FALSE(given(session.take_key("evt_1", at(100))));  // done
      CHECK(given(session.take_key("evt_3", at(100))));
      CHECK_FALSE(given(session.take_key("evt_3", at(100))));  // by one
      REQUIRE(session.free_key("evt_1"));
      // Too late for a result: the key is not the event's any more.
      return session.keep_result("evt_1", "done", sealed);
    });
    CHECK_FALSE(found_by_key(*repository, "acc_1", "k'1"));
    found = given(repository->event("evt_1"));
    REQUIRE(found);
    CHECK(found->outcome == "done");
    CHECK(found->result.bytes == "");
    // Old ones are freed together, and no event goes with what it is about.
    row = event("evt_6", "acc_1", "k'1", 7);
    row.at = at(200);
    add(*repository, row);
    add(*repository, event("evt_7", "acc_1", "k'2", 8));
    within([&](EventSession& session) { return session.free_keys_before(at(200)); });
    CHECK(found_by_key(*repository, "acc_1", "k'1"));
    CHECK_FALSE(found_by_key(*repository, "acc_1", "k'2"));
    REQUIRE(repository->delete_environment("env_1"));
    CHECK(given(repository->event("evt_7")));
  }

  SUBCASE("Events are listed newest first, by their chain, and by the number of each link") {
    for (int i = 1; i <= 9; ++i) {
      EventRow row = event("evt_" + std::to_string(i), "acc_1", "", i);
      row.at = at(100 + i / 2);
      if (i % 3 == 0) row.chain = "env_2";
      add(*repository, row);
    }
    const auto ids = [](const Result<std::vector<EventRow>>& rows) {
      std::string all;
      for (const EventRow& row : given(rows)) all += row.id.substr(4);
      return all;
    };
    CHECK(ids(repository->events({})) == "987654321");
    CHECK(ids(repository->events({.limit = 2})) == "98");
    CHECK(ids(repository->events({.before_at = at(104), .before_id = "evt_9"})) == "87654321");
    CHECK(ids(repository->events({.from = at(102), .before_at = at(104), .before_id = "evt_8"})) ==
          "7654");
    CHECK(ids(repository->events({.chain = "env_2"})) == "963");
    CHECK(ids(repository->events({.chain = "env_3"})) == "");
    CHECK(ids(repository->events({.chain = "env_2", .before_at = at(104), .before_id = "evt_9"})) ==
          "63");
    CHECK(ids(repository->events_by_number("env_1", 2, 3)) == "457");
    CHECK(ids(repository->events_by_end("env_1", 0, 3)) == "");
    within([&](EventSession& session) -> Result<> {
      CHECK(ids(session.open_events(at(102), 100)).size() == 3);
      EventRow row = event("evt_2", "acc_1", "", 2);
      row.outcome = "failed";
      row.ended_number = 11;
      row.ended_link = "link 11";
      CHECK(given(session.end(row)));
      row.id = "evt_1";
      row.ended_number = 10;
      row.ended_link = "link 10";
      CHECK(given(session.end(row)));
      CHECK(given(session.link_of("env_1", 2)) == "link 2");
      CHECK(given(session.link_of("env_1", 10)) == "link 10");
      CHECK(given(session.link_of("env_1", 3)) == "");
      CHECK(given(session.last_number_before("env_1", at(102))) == 2);
      CHECK(given(session.last_number_before("env_1", at(1))) == 0);
      return {};
    });
    CHECK(ids(repository->events_by_end("env_1", 0, 3)) == "12");
    CHECK(ids(repository->events_by_end("env_1", 10, 3)) == "2");
    // Only what lies before the number as a whole goes: not what ended later, or has not ended.
    within([&](EventSession& session) -> Result<> {
      CHECK(given(session.delete_events("env_1", 10)) == 1);
      return {};
    });
    CHECK(ids(repository->events({})) == "98765432");
  }

  SUBCASE("Calls lie together, and are listed by the time of the last and by their numbers") {
    add(*repository, event("evt_1", "acc_1", "", 1));
    within([&](EventSession& session) -> Result<> {
      REQUIRE(session.insert(calls("cls_1", 11, 10)));
      REQUIRE(session.insert(calls("cls_2", 16, 5)));
      CallsRow other = calls("cls_3", 2, 2);
      other.chain = "env_2";
      REQUIRE(session.insert(other));
      return session.insert(calls("cls_4", 17, 5));
    });
    // Two of one number would be two chains.
    CHECK_FALSE(repository->change_events(
        [&](EventSession& session) { return session.insert(calls("cls_5", 17, 1)); }));
    repository = factory.reopen(std::move(repository));
    const auto found = given(repository->calls("cls_2"));
    REQUIRE(found);
    CHECK(found->chain == "env_1");
    CHECK(found->number == 16);
    CHECK(found->count == 5);
    CHECK(found->first_number() == 12);
    CHECK(found->first_at == at(100));
    CHECK(found->last_at == at(105));
    CHECK(found->link == "link 16");
    CHECK(found->events == std::string("\0calls\xff", 7));
    CHECK_FALSE(given(repository->calls("cls_9")));

    const auto ids = [](const Result<std::vector<CallsRow>>& rows) {
      std::string all;
      for (const CallsRow& row : given(rows)) all += row.id.substr(4);
      return all;
    };
    CHECK(ids(repository->calls(CallsPage{})) == "1423");
    CHECK(ids(repository->calls(CallsPage{.limit = 2})) == "14");
    CHECK(ids(repository->calls(CallsPage{.before_last_at = at(105), .before_id = "cls_4"})) ==
          "23");
    CHECK(ids(repository->calls(CallsPage{.from = at(106)})) == "1");
    CHECK(ids(repository->calls(CallsPage{.first_until = at(99)})) == "");
    CHECK(ids(repository->calls(CallsPage{.chain = "env_1"})) == "142");
    CHECK(ids(repository->calls(CallsPage{.chain = "env_2"})) == "3");
    CHECK(ids(repository->calls(CallsPage{
              .chain = "env_1", .before_last_at = at(105), .before_id = "cls_4"})) == "2");
    CHECK(ids(repository->calls_by_number("env_1", 0, 10)) == "124");
    CHECK(ids(repository->calls_by_number("env_1", 11, 1)) == "2");
    within([&](EventSession& session) -> Result<> {
      CHECK(given(session.link_of("env_1", 16)) == "link 16");
      CHECK(given(session.link_of("env_1", 15)) == "");  // no link ends there
      CHECK(given(session.calls_around("env_1", 12))->id == "cls_2");
      CHECK(given(session.calls_around("env_1", 16))->id == "cls_2");
      CHECK_FALSE(given(session.calls_around("env_1", 1)));
      CHECK_FALSE(given(session.calls_around("env_1", 18)));
      // The last of them counts, beside events that lie alone.
      CHECK(given(session.last_number_before("env_1", at(101))) == 1);
      CHECK(given(session.last_number_before("env_1", at(106))) == 17);
      CHECK(given(session.last_number_before("env_1", at(200))) == 11);
      CHECK(given(session.delete_events("env_1", 15)) == 1);
      return {};
    });
    CHECK(ids(repository->calls_by_number("env_1", 0, 10)) == "24");
    CHECK(given(repository->calls("cls_3")));
  }

  SUBCASE("A chain is made once, read with its lock, and kept with what was added to it") {
    within([&](EventSession& session) -> Result<> {
      CHECK_FALSE(given(session.lock_chain("env_1")));
      CHECK(session.make_chain("env_1"));
      CHECK(session.make_chain("env_1"));
      auto chain = given(session.lock_chain("env_1"));
      REQUIRE(chain);
      CHECK(chain->last_number == 0);
      *chain = {.id = "env_1",
                .cut_number = 3,
                .cut_link = "c",
                .last_number = 9,
                .last_link = "l",
                .code = "code"};
      CHECK(session.make_chain("env_0"));
      return session.update(*chain);
    });
    // What fails leaves nothing.
    CHECK_FALSE(repository->change_events([](EventSession& session) -> Result<> {
      CHECK(session.make_chain("env_9"));
      return fail(ErrorCode::internal, "no");
    }));
    repository = factory.reopen(std::move(repository));
    const auto chains = given(repository->chains_after("", 10));
    REQUIRE(chains.size() == 2);
    CHECK(chains[0].id == "env_0");
    CHECK(chains[1].cut_number == 3);
    CHECK(chains[1].cut_link == "c");
    CHECK(chains[1].last_number == 9);
    CHECK(chains[1].last_link == "l");
    CHECK(chains[1].code == "code");
    CHECK(given(repository->chains_after("env_0", 10)).size() == 1);
  }

  SUBCASE("What an environment says of its log is read with the events") {
    EnvironmentRow row = given(repository->environment("env_1")).value();
    row.audit["keep_days"] = 7;
    REQUIRE(repository->update(row));
    CHECK(given(repository->environment("env_1"))->audit == row.audit);
    within([&](EventSession& session) -> Result<> {
      CHECK(given(session.audit_settings("env_1")) == R"({"keep_days":7})");
      CHECK_FALSE(given(session.audit_settings("env_2")));
      return {};
    });
  }

  SUBCASE("Secrets of the instance are written once and then replaced on purpose") {
    CHECK_FALSE(repository->secret("pepper").value());
    CHECK(code_of(repository->update_secret("pepper", {"x"})) == ErrorCode::not_found);
    REQUIRE(repository->insert_secret("pepper", {"first"}));
    CHECK(code_of(repository->insert_secret("pepper", {"second"})) == ErrorCode::conflict);
    CHECK(repository->secret("pepper").value()->bytes == "first");
    REQUIRE(repository->update_secret("pepper", {"third"}));
    repository = factory.reopen(std::move(repository));
    CHECK(repository->secret("pepper").value()->bytes == "third");
  }
}

}  // namespace patchbay::store
