#include <map>
#include <set>
#include <utility>
#include <variant>

#include <doctest/doctest.h>

#include "store/test_repository_contract.h"
#include "store/test_rows.h"

namespace patchbay::store {
namespace {

// A machine's clock, which somebody sets back between two calls: it says when a row was made, and
// by when something is over.
struct SetClock {
  std::int64_t seconds;
  WallTime now() const { return at(seconds); }
  WallTime in(std::int64_t more) const { return at(seconds + more); }
};

template <class Row>
Row made_at(const SetClock& clock, Row row) {
  row.created_at = clock.now();
  row.updated_at = clock.now();
  return row;
}

template <class Row>
std::set<std::string> ids_of(const std::vector<Row>& rows) {
  std::set<std::string> ids;
  for (const Row& row : rows) ids.insert(row.id);
  return ids;
}

// How often each was seen by who reads the list to its end, two at a time, while `between` happens
// after the first page.
template <class List, class Between>
std::map<std::string, int> read_through(List list, Between between) {
  std::map<std::string, int> seen;
  Page page{.limit = 2, .after = std::nullopt};
  bool first = true;
  while (true) {
    const auto rows = given(list(page));
    if (rows.empty()) return seen;
    for (const auto& row : rows) ++seen[row.id];
    page.after = Page::Position{rows.back().created_at, rows.back().id};
    if (std::exchange(first, false)) between();
  }
}

using Seen = std::map<std::string, int>;

void check_keysets(Repository& repository, SetClock& clock) {
  std::uint32_t number = 0;
  const auto add_one_of_each = [&] {
    const std::string n = std::to_string(++number);
    REQUIRE(repository.insert(made_at(clock, api_token("tok_" + n, "env_1", number))));
    REQUIRE(repository.insert(made_at(clock, account("acc_" + n, "env_1"))));
    REQUIRE(repository.insert(made_at(clock, server("mcp_" + n, "acc_1", number))));
    REQUIRE(repository.insert(made_at(clock, approval("apr_" + n, "acc_1", "d" + n))));
  };
  for (int i = 0; i < 5; ++i) {
    add_one_of_each();
    clock.seconds += 10;
  }
  // What is made with the clock set back has its place among what is older: whoever is not that far
  // yet sees it, and nothing twice; what was there is seen once all the same.
  const auto set_back_and_add = [&] {
    clock.seconds -= 35;
    add_one_of_each();
  };
  const Seen tokens = read_through(
      [&](const Page& page) { return repository.api_tokens("env_1", page); }, set_back_and_add);
  CHECK(tokens ==
        Seen{{"tok_1", 1}, {"tok_2", 1}, {"tok_3", 1}, {"tok_4", 1}, {"tok_5", 1}, {"tok_6", 1}});
  const Seen accounts = read_through(
      [&](const Page& page) { return repository.accounts({}, page); }, set_back_and_add);
  CHECK(accounts.size() == 7);
  const Seen servers =
      read_through([&](const Page& page) { return repository.mcp_servers("acc_1", at(0), page); },
                   set_back_and_add);
  CHECK(servers.size() == 8);
  const Seen approvals = read_through(
      [&](const Page& page) { return repository.approvals({}, page); }, set_back_and_add);
  CHECK(approvals.size() == 9);
  for (const Seen& all : {accounts, servers, approvals}) {
    for (const auto& [id, times] : all) CHECK_MESSAGE(times == 1, id);
  }
  // By their ids, without any time, too.
  CHECK(ids_of(given(repository.mcp_servers_after(std::nullopt, 100))).size() == number);
}

void check_events(Repository& repository, SetClock& clock) {
  const auto event_now = [&](int number) {
    EventRow row = event("evt_" + std::to_string(number), "acc_1", "", number);
    row.at = clock.now();
    return row;
  };
  for (int number = 1; number <= 3; ++number) {
    add(repository, event_now(number));
    clock.seconds += 10;
  }
  clock.seconds -= 100;
  for (int number = 4; number <= 6; ++number) {
    add(repository, event_now(number));
    clock.seconds += 10;
  }
  std::vector<std::string> listed;
  EventPage page{.limit = 2};
  while (true) {
    const auto rows = given(repository.events(page));
    if (rows.empty()) break;
    for (const EventRow& row : rows) listed.push_back(row.id);
    page.before_at = rows.back().at;
    page.before_id = rows.back().id;
  }
  CHECK(listed == std::vector<std::string>{"evt_3", "evt_2", "evt_1", "evt_6", "evt_5", "evt_4"});
  // A chain goes by its links.
  const auto chained = given(repository.events_by_number("env_1", 0, 100));
  REQUIRE(chained.size() == 6);
  for (std::size_t i = 0; i < chained.size(); ++i) {
    CHECK(chained[i].number == static_cast<std::int64_t>(i) + 1);
  }
}

void check_expiry(Repository& repository, SetClock& clock) {
  McpServerRow over = server("mcp_1", "acc_1", 1);
  over.expires_at = clock.in(100);
  REQUIRE(repository.insert(over));
  McpServerRow later = server("mcp_2", "acc_1", 2);
  later.expires_at = clock.in(300);
  REQUIRE(repository.insert(later));
  ApiTokenRow token = api_token("tok_9", "", 9);
  token.expires_at = clock.in(100);
  REQUIRE(repository.insert(token));
  int told = 0;
  const TellOfServer tell = [&](const McpServerRow&) -> std::optional<Message> {
    ++told;
    return std::nullopt;
  };
  REQUIRE(repository.tell_of_expiry(clock.in(150), 10, tell));
  CHECK(told == 1);

  clock.seconds += 150;
  CHECK(given(repository.delete_expired(clock.now(), 10)).size() == 2);
  clock.seconds -= 150;
  // Over is over: found by nothing, and not deleted or told of a second time.
  CHECK_FALSE(given(repository.mcp_server(hash_of(1))));
  CHECK_FALSE(given(repository.mcp_server("mcp_1")));
  CHECK_FALSE(given(repository.api_token(hash_of(9))));
  CHECK(ids_of(given(repository.mcp_servers("acc_1", clock.now(), Page{}))) ==
        std::set<std::string>{"mcp_2"});
  CHECK(given(repository.nearest_expiry()) == clock.in(300));
  CHECK(given(repository.delete_expired(clock.now(), 10)).empty());
  told = 0;
  REQUIRE(repository.tell_of_expiry(clock.in(150), 10, tell));
  CHECK(told == 0);
  // What is not over yet is told of once, though the clock passes that moment twice.
  REQUIRE(repository.tell_of_expiry(clock.in(300), 10, tell));
  clock.seconds -= 1000;
  REQUIRE(repository.tell_of_expiry(clock.in(2000), 10, tell));
  CHECK(told == 1);
  CHECK(given(repository.mcp_server("mcp_2")));
}

void check_previous_token(Repository& repository, SetClock& clock) {
  McpServerRow row = server("mcp_1", "acc_1", 1);
  row.previous = PreviousToken{.hash = hash_of(7), .expires_at = clock.in(60)};
  REQUIRE(repository.insert(row));
  clock.seconds += 60;
  auto over = given(repository.overlaps_until(clock.now(), 10));
  REQUIRE(over.size() == 1);
  over.front().previous.reset();
  REQUIRE(repository.update(over.front()));
  clock.seconds -= 60;
  CHECK_FALSE(given(repository.mcp_server(hash_of(7))));
  CHECK(given(repository.mcp_server(hash_of(1))));
  CHECK(given(repository.overlaps_until(clock.in(1000), 10)).empty());
}

void check_keys(Repository& repository, SetClock& clock) {
  const auto write = [&](const std::string& id, const std::string& key, std::int64_t number) {
    EventRow row = event(id, "acc_1", key, number);
    row.at = clock.now();
    add(repository, row);
  };
  const auto free_before = [&](WallTime when) {
    REQUIRE(repository.change_events(
        [&](EventSession& session) { return session.free_keys_before(when); }));
  };
  write("evt_1", "first", 1);
  clock.seconds += 100;
  write("evt_2", "second", 2);
  clock.seconds -= 50;
  write("evt_3", "third", 3);
  // A key counts until its time is over, also where its event lies ahead of the clock.
  free_before(clock.in(-10));
  CHECK_FALSE(found_by_key(repository, "acc_1", "first"));
  REQUIRE(found_by_key(repository, "acc_1", "second"));
  CHECK(found_by_key(repository, "acc_1", "second")->id == "evt_2");
  CHECK(found_by_key(repository, "acc_1", "third")->id == "evt_3");
  // What was freed stays so when the clock is before its event again, and its event stays.
  clock.seconds -= 500;
  free_before(clock.in(-10));
  CHECK_FALSE(found_by_key(repository, "acc_1", "first"));
  CHECK(given(repository.event("evt_1")));
  write("evt_4", "first", 4);
  CHECK(found_by_key(repository, "acc_1", "first")->id == "evt_4");
  clock.seconds += 1000;
  free_before(clock.now());
  for (const char* const key : {"first", "second", "third"}) {
    CHECK_FALSE(found_by_key(repository, "acc_1", key));
  }
  CHECK(given(repository.events(EventPage{})).size() == 4);
}

void check_ends_of_approvals(Repository& repository, SetClock& clock) {
  ApprovalRow row = made_at(clock, approval("apr_1", "acc_1", "d1"));
  row.expires_at = clock.in(100);
  REQUIRE(repository.insert(row));
  ApprovalRow stale = row;
  clock.seconds += 100;
  auto due = given(repository.approvals_due("pending", clock.now(), 10));
  REQUIRE(due.size() == 1);
  due.front().state = "expired";
  REQUIRE(repository.update(due.front()));

  clock.seconds -= 100;
  // It waits for nobody any more, and nobody who read it before can decide it.
  CHECK(given(repository.count_pending(clock.now())) == 0);
  CHECK(given(repository.approvals_due("pending", clock.in(1000), 10)).empty());
  stale.state = "sending";
  CHECK(code_of(repository.update(stale)) == ErrorCode::conflict);
  CHECK(given(repository.approval("apr_1"))->state == "expired");

  // The same call, asked for again before the moment at which it was asked for first: both are
  // there, and that which waits is what the call finds.
  clock.seconds -= 1000;
  ApprovalRow again = made_at(clock, approval("apr_2", "acc_1", "d1"));
  again.expires_at = clock.in(100);
  REQUIRE(repository.insert(again));
  CHECK(given(repository.approval_of_call("mcp_1", "d1"))->id == "apr_2");
  CHECK(code_of(repository.insert(made_at(clock, approval("apr_3", "acc_1", "d1")))) ==
        ErrorCode::conflict);
  CHECK(given(repository.count_pending(clock.now())) == 1);
  CHECK(given(repository.approvals({}, Page{})).size() == 2);
}

void check_revisions(Repository& repository, SetClock& clock) {
  const std::int64_t before = given(repository.revision());
  McpServerRow row = made_at(clock, server("mcp_1", "acc_1", 1));
  REQUIRE(repository.insert(row));
  for (int i = 0; i < 3; ++i) {
    clock.seconds -= 100;
    row.updated_at = clock.now();
    REQUIRE(repository.update(row));
  }
  clock.seconds -= 100;
  REQUIRE(repository.delete_mcp_server("mcp_1"));
  // Each once, by the pages that a node asks for.
  std::vector<std::int64_t> revisions;
  std::int64_t since = before;
  while (true) {
    const auto answer = given(repository.changes_since(since, 2));
    REQUIRE(std::holds_alternative<Changes>(answer));
    const auto& changes = std::get<Changes>(answer).changes;
    if (changes.empty()) break;
    for (const Change& change : changes) {
      CHECK(change.id == "mcp_1");
      CHECK(change.deleted == (change.revision == before + 5));
      revisions.push_back(change.revision);
    }
    since = changes.back().revision;
  }
  CHECK(revisions ==
        std::vector<std::int64_t>{before + 1, before + 2, before + 3, before + 4, before + 5});
}

}  // namespace

void check_a_clock_set_back(const RepositoryFactory& factory) {
  const auto repository = factory.make();
  SetClock clock{10'000};
  REQUIRE(repository->insert(made_at(clock, environment("env_1"))));
  SUBCASE("Lists by page lose nothing and repeat nothing") {
    check_keysets(*repository, clock);
    return;
  }
  REQUIRE(repository->insert(made_at(clock, account("acc_1", "env_1"))));
  SUBCASE("Events are all listed, and a chain goes by its links") {
    check_events(*repository, clock);
  }
  SUBCASE("What has expired stays so") {
    check_expiry(*repository, clock);
  }
  SUBCASE("A previous token that is over opens nothing again") {
    check_previous_token(*repository, clock);
  }
  SUBCASE("A key of a write counts until it is freed, and is freed once") {
    check_keys(*repository, clock);
  }
  SUBCASE("An approval that has ended has ended, and one that waits is found") {
    check_ends_of_approvals(*repository, clock);
  }
  SUBCASE("Changes are told by their revisions, each once") {
    check_revisions(*repository, clock);
  }
}

}  // namespace patchbay::store
