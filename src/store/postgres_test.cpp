// PostgreSQL: several nodes, and what a database over the network can do to them.
#include <array>
#include <atomic>
#include <set>
#include <thread>

#include <doctest/doctest.h>

#include "store/postgres/open_postgres.h"
#include "store/test_nodes.h"
#include "store/test_rows.h"

namespace patchbay::store {
namespace {

using namespace std::chrono_literals;

TEST_CASE(
    "PostgreSQL: of several hosts the one that takes changes is taken; TLS is as the URL says") {
  const Nodes nodes;
  std::string url(nodes.server.url(nodes.name).reveal());
  const auto host = url.find('@') + 1;
  const std::string two = url.substr(0, host) + "127.0.0.1:1," + url.substr(host);
  CHECK(given(open_postgres(Secret(two)))->insert(environment("env_1")));

  const auto no_tls = open_postgres(nodes.server.url(nodes.name, "?sslmode=verify-full"));
  CHECK(code_of(no_tls) == ErrorCode::unavailable);
  CHECK(no_tls.error().message.contains("SSL"));

  nodes.sql("ALTER DATABASE " + nodes.name + " SET default_transaction_read_only = on");
  const auto read_only = open_postgres(nodes.server.url(nodes.name));
  CHECK(code_of(read_only) == ErrorCode::unavailable);
  CHECK(read_only.error().message.contains("read-only"));
}

TEST_CASE("PostgreSQL: nodes add to one chain one after the other, and of one key there is one") {
  const Nodes nodes;
  const std::array repositories{nodes.open(), nodes.open()};
  const auto add_next = [&](Repository& repository, const std::string& id, const std::string& key) {
    bool added = false;
    const auto done = repository.change_events([&](EventSession& session) -> Result<> {
      added = false;
      if (auto made = session.make_chain("env_1"); !made) return made;
      auto chain = session.lock_chain("env_1");
      if (!chain) return std::unexpected(chain.error());
      const auto found = session.event_of_key("acc_1", key);
      if (!found) return std::unexpected(found.error());
      if (*found) return {};
      added = true;
      if (auto done = session.insert(event(id, "acc_1", key, ++(*chain)->last_number)); !done) {
        return done;
      }
      return session.update(**chain);
    });
    REQUIRE_MESSAGE(done.has_value(), done.error().message);
    return added;
  };
  for (int round = 0; round < 50; ++round) {
    std::atomic<int> added = 0;
    run_at_once(2, [&](int i) {
      added += add_next(*repositories[static_cast<std::size_t>(i)],
                        "evt_" + std::to_string(2 * round + i), "key " + std::to_string(round));
    });
    CHECK(added == 1);
    // Of those that take it up again, one does.
    const EventRow first =
        found_by_key(*repositories[0], "acc_1", "key " + std::to_string(round)).value();
    std::atomic<int> taken = 0;
    run_at_once(2, [&](int i) {
      CHECK(repositories[static_cast<std::size_t>(i)]->change_events(
          [&](EventSession& session) -> Result<> {
            const auto done = session.take_key(first.id, first.at);
            if (!done) return std::unexpected(done.error());
            taken += *done;
            return {};
          }));
    });
    CHECK(taken == 1);
  }
  const auto all = given(repositories[0]->events_by_number("env_1", 0, 1000));
  REQUIRE(all.size() == 50);
  for (std::size_t i = 0; i < all.size(); ++i) {
    CHECK(all[i].number == static_cast<std::int64_t>(i + 1));
  }
}

TEST_CASE("PostgreSQL: of two nodes that change one version or keep one secret, one does") {
  const Nodes nodes;
  const std::array repositories{nodes.open(), nodes.open()};
  EnvironmentRow row = environment("env_1");
  REQUIRE(repositories[0]->insert(row));
  for (int round = 0; round < 50; ++round) {
    std::array<Result<>, 2> results;
    std::array<EnvironmentRow, 2> rows{row, row};
    std::atomic<int> kept = 0;
    run_at_once(2, [&](int i) {
      const auto node = static_cast<std::size_t>(i);
      rows[node].name = std::to_string(round) + (i == 0 ? " mine" : " theirs");
      results[node] = repositories[node]->update(rows[node]);
      kept += repositories[node]
                  ->insert_secret("secret " + std::to_string(round), {std::to_string(i)})
                  .has_value();
    });
    CHECK(results[0].has_value() != results[1].has_value());
    CHECK((results[0] ? results[1] : results[0]).error().code == ErrorCode::conflict);
    CHECK(kept == 1);
    const EnvironmentRow& won = results[0] ? rows[0] : rows[1];
    row = given(repositories[0]->environment("env_1")).value();
    CHECK(row.name == won.name);
    CHECK(row.version == won.version);
  }
}

TEST_CASE("PostgreSQL: while many write, who asks since a revision never misses one") {
  const Nodes nodes;
  const std::array repositories{nodes.open(), nodes.open()};
  REQUIRE(repositories[0]->insert(environment("env_1")));
  REQUIRE(repositories[0]->insert(account("acc_1", "env_1")));
  constexpr int kWriters = 6;
  constexpr std::uint32_t kEach = 60;
  std::atomic<int> writing = kWriters;
  std::vector<Change> seen;
  std::thread reader([&] {
    std::int64_t since = 0;
    while (true) {
      const bool last = writing == 0;
      const auto answer = repositories[1]->changes_since(since, 7).value();
      for (const Change& change : std::get<Changes>(answer).changes) {
        seen.push_back(change);
        since = change.revision;
      }
      if (last && std::get<Changes>(answer).changes.empty()) return;
    }
  });
  std::atomic<int> failed = 0;
  run_at_once(kWriters, [&](int writer) {
    Repository& repository = *repositories[static_cast<std::size_t>(writer) % 2];
    for (std::uint32_t i = 0; i < kEach; ++i) {
      const std::uint32_t number = static_cast<std::uint32_t>(writer) * 1'000 + i;
      const std::string id = "mcp_" + std::to_string(number);
      McpServerRow row = server(id, "acc_1", number);
      if (!repository.insert(row)) ++failed;
      // One in three goes again, and one fails, which takes no revision.
      if (i % 3 == 0 && !repository.delete_mcp_server(id)) ++failed;
      if (i % 3 == 1 && repository.insert(server(id, "acc_1", number))) ++failed;
    }
    --writing;
  });
  reader.join();
  CHECK(failed == 0);
  REQUIRE(seen.size() == 2 + kWriters * (kEach + kEach / 3));
  for (std::size_t i = 0; i < seen.size(); ++i) {
    CHECK(seen[i].revision == static_cast<std::int64_t>(i) + 1);
  }
}

TEST_CASE("PostgreSQL: a change on one node is heard on another at once") {
  const Nodes nodes;
  const auto here = nodes.open();
  const auto there = nodes.open();
  const auto feed = there->feed();
  REQUIRE(feed);
  using Heard = ChangeFeed::Heard;
  CHECK(feed->wait(1s) == Heard::something);  // it may have been before
  CHECK(feed->wait(50ms) == Heard::nothing);
  std::vector<std::chrono::microseconds> took;
  for (int i = 0; i < 20; ++i) {
    std::chrono::steady_clock::time_point changed;
    std::thread writer([&] {
      std::this_thread::sleep_for(20ms);
      REQUIRE(here->insert(environment("env_" + std::to_string(i))));
      changed = std::chrono::steady_clock::now();
    });
    CHECK(feed->wait(5s) == Heard::something);
    const auto heard = std::chrono::steady_clock::now();
    writer.join();
    took.push_back(std::chrono::duration_cast<std::chrono::microseconds>(heard - changed));
  }
  std::ranges::sort(took);
  MESSAGE("heard after a commit had returned, median: " << took[10].count() << " us");
  CHECK(took[10] < 100ms);
  // What fails is not heard, nor what nobody keeps.
  CHECK_FALSE(here->insert(environment("env_0")));
  REQUIRE(here->insert_secret("s", {"x"}));
  CHECK(feed->wait(100ms) == Heard::nothing);
}

TEST_CASE("PostgreSQL: a feed that is cut off says so, and then that something may have changed") {
  const Nodes nodes;
  const auto repository = nodes.open();
  const auto feed = repository->feed();
  using Heard = ChangeFeed::Heard;
  REQUIRE(feed->wait(1s) == Heard::something);
  nodes.cut_connections();
  CHECK(feed->wait(1s) == Heard::lost);
  CHECK(feed->wait(1s) == Heard::something);
  CHECK(feed->wait(10ms) == Heard::nothing);

  nodes.server.stop();
  CHECK(feed->wait(1s) == Heard::lost);
  CHECK(feed->wait(50ms) == Heard::lost);
  nodes.server.start();
  Heard heard = Heard::lost;
  for (int i = 0; i < 20 && heard == Heard::lost; ++i) heard = feed->wait(500ms);
  CHECK(heard == Heard::something);
}

TEST_CASE("PostgreSQL: connections that were cut are made again, and nobody notices") {
  const Nodes nodes;
  const auto repository = nodes.open();
  REQUIRE(repository->insert(environment("env_1")));
  for (int round = 2; round < 12; ++round) {
    nodes.cut_connections();
    if (round % 2 == 0) CHECK(given(repository->environment("env_1")));
    CHECK(repository->insert(environment("env_" + std::to_string(round))));
  }
  CHECK(given(repository->environments(Page())).size() == 11);
  CHECK(given(repository->revision()) == 11);
}

TEST_CASE(
    "PostgreSQL: while the server is away all fails at once and clearly; then all is as before") {
  const Nodes nodes;
  const auto repository = nodes.open({.longest_backoff = 500ms});
  REQUIRE(repository->insert(environment("env_1")));
  nodes.server.stop();
  CHECK(code_of(repository->environment("env_1")) == ErrorCode::unavailable);
  CHECK(code_of(repository->insert(environment("env_2"))) == ErrorCode::unavailable);
  const auto begun = std::chrono::steady_clock::now();
  for (int i = 0; i < 100; ++i) CHECK_FALSE(repository->environment("env_1"));
  CHECK(std::chrono::steady_clock::now() - begun < 1s);
  nodes.server.start();
  std::this_thread::sleep_for(600ms);
  CHECK(given(repository->environment("env_1")));
  CHECK_FALSE(given(repository->environment("env_2")));
  CHECK(repository->insert(environment("env_2")));
}

TEST_CASE("PostgreSQL: why it cannot be reached is told to the operator, and not to callers") {
  const Nodes nodes;
  std::vector<std::string> told;
  const auto repository = nodes.open(
      {.longest_backoff = 100ms, .tell_operator = [&](std::string_view, const std::string& reason) {
         told.push_back(reason);
       }});
  nodes.server.sql("postgres", "ALTER DATABASE " + nodes.name + " ALLOW_CONNECTIONS false");
  nodes.server.sql("postgres",
                   "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE "
                   "datname = '" +
                       nodes.name + "'");
  for (int i = 0; i < 3; ++i) {
    const auto refused = repository->environment("env_1");
    REQUIRE(code_of(refused) == ErrorCode::unavailable);
    const std::string text = refused.error().message + refused.error().hint;
    CAPTURE(text);
    for (const std::string& word : {nodes.name, std::string("127.0.0.1"), std::string("port")}) {
      CHECK_FALSE(text.contains(word));
    }
    std::this_thread::sleep_for(150ms);
  }
  REQUIRE(told.size() == 1);
  CHECK(told.front().contains(nodes.name));
}

TEST_CASE("PostgreSQL: a commit whose answer never came is looked up, not repeated or lost") {
  const Nodes nodes;
  const auto repository = nodes.open();
  REQUIRE(repository->insert(environment("env_1")));
  // A commit is on the disk, and then waits for a standby that there is not: its session is ended
  // in this moment.
  nodes.server.sql("postgres", "ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
  nodes.server.sql("postgres", "SELECT pg_reload_conf()");
  std::thread cutter([&] {
    for (int i = 0; i < 500; ++i) {
      std::this_thread::sleep_for(10ms);
      if (nodes.sql("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'") != "0") {
        break;
      }
    }
    nodes.cut_connections();
  });
  EnvironmentRow row = environment("env_2");
  const auto inserted = repository->insert(row);
  cutter.join();
  nodes.server.sql("postgres", "ALTER SYSTEM RESET synchronous_standby_names");
  nodes.server.sql("postgres", "SELECT pg_reload_conf()");
  CHECK_MESSAGE(inserted.has_value(), inserted.error().message);
  CHECK(row.version == 2);
  CHECK(given(repository->environment("env_2"))->version == 2);
  CHECK(given(repository->revision()) == 2);
}

TEST_CASE("PostgreSQL: a commit that was cut off before it was made is made again") {
  const Nodes nodes;
  const auto repository = nodes.open();
  REQUIRE(repository->insert(environment("env_1")));
  // The first commit takes a while, before it is one.
  nodes.sql(
      "CREATE TABLE slow (once int); INSERT INTO slow VALUES (1);"
      "CREATE FUNCTION patchbay.wait() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
      "IF (SELECT count(*) FROM patchbay.slow) > 0 THEN PERFORM pg_sleep(5); END IF; "
      "RETURN NULL; END $$;"
      "CREATE CONSTRAINT TRIGGER waits AFTER INSERT ON environment "
      "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION patchbay.wait()");
  std::thread cutter([&] {
    for (int i = 0; i < 500; ++i) {
      std::this_thread::sleep_for(10ms);
      if (nodes.sql("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'") != "0") {
        break;
      }
    }
    nodes.sql("DELETE FROM slow");
    nodes.cut_connections();
  });
  EnvironmentRow row = environment("env_2");
  const auto inserted = repository->insert(row);
  cutter.join();
  CHECK_MESSAGE(inserted.has_value(), inserted.error().message);
  CHECK(given(repository->environment("env_2"))->version == row.version);
  CHECK(given(repository->revision()) == 2);
}

TEST_CASE("PostgreSQL: what it says of a statement is told to the operator, and not to callers") {
  const Nodes nodes;
  std::vector<std::string> told;
  const auto repository =
      nodes.open({.tell_operator = [&](std::string_view what, const std::string& reason) {
        told.push_back(std::string(what) + " " + reason);
      }});
  nodes.sql(
      "CREATE FUNCTION patchbay.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
      "RAISE EXCEPTION 'could not extend file \"base/5/1249\"' USING ERRCODE = 'disk_full'; END $$;"
      "CREATE TRIGGER refuse BEFORE INSERT ON patchbay.environment "
      "EXECUTE FUNCTION patchbay.refuse();"
      "ALTER TABLE patchbay.api_token ADD CHECK (name <> 'secret name')");
  for (int i = 0; i < 3; ++i) {
    const auto refused = repository->insert(environment("env_1"));
    CHECK(code_of(refused) == ErrorCode::unavailable);
    CHECK(refused.error().message == "The database failed.");
    CHECK_FALSE(refused.error().hint.contains("file"));
  }
  REQUIRE(told.size() == 1);
  CHECK(told[0].contains("could not extend file \"base/5/1249\" (53100)"));
  // Nor does the log get what was to be stored.
  ApiTokenRow row = api_token("tok_1", "", 1);
  row.name = "secret name";
  CHECK(code_of(repository->insert(row)) == ErrorCode::unavailable);
  REQUIRE(told.size() == 2);
  CHECK(told[1].contains("(23514)"));
  CHECK_FALSE(told[1].contains("secret name"));
}

TEST_CASE("PostgreSQL: who waits for a connection or a statement for too long is told") {
  const Nodes nodes;
  const auto repository =
      nodes.open({.most_connections = 2, .wait_limit = 200ms, .statement_timeout = 1'000ms});
  REQUIRE(repository->insert(environment("env_1")));
  // Somebody holds the lock of all changes.
  const auto holder = nodes.server.connect(nodes.name);
  TestPostgres::sql(holder.get(),
                    "BEGIN; UPDATE patchbay.instance_revision SET revision = revision");
  std::array<Result<>, 2> results;
  std::thread waiting([&] {
    run_at_once(2, [&](int i) {
      results[static_cast<std::size_t>(i)] =
          repository->insert(environment("env_2" + std::to_string(i)));
    });
  });
  std::this_thread::sleep_for(300ms);
  const auto refused = repository->environment("env_1");
  waiting.join();
  CHECK(code_of(refused) == ErrorCode::unavailable);
  CHECK(refused.error().message.contains("All 2 connections"));
  for (const Result<>& result : results) {
    CHECK(code_of(result) == ErrorCode::unavailable);
    CHECK(result.error().message.contains("statement timeout"));
  }
  TestPostgres::sql(holder.get(), "ROLLBACK");
  CHECK(repository->insert(environment("env_2")));
}

TEST_CASE("PostgreSQL: transactions that stand in each other's way are tried again") {
  const Nodes nodes;
  const auto repository = nodes.open();
  REQUIRE(repository->insert(environment("env_1")));
  // The server says so of the first three attempts.
  nodes.sql(
      "CREATE SEQUENCE attempts;"
      "CREATE FUNCTION patchbay.conflict() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
      "IF nextval('patchbay.attempts') <= 3 THEN "
      "RAISE EXCEPTION 'in the way' USING ERRCODE = 'serialization_failure'; END IF; "
      "RETURN NEW; END $$;"
      "CREATE TRIGGER conflicts BEFORE INSERT ON environment "
      "FOR EACH ROW EXECUTE FUNCTION patchbay.conflict()");
  CHECK(repository->insert(environment("env_2")));
  // But not for ever.
  nodes.sql("SELECT setval('attempts', 1); ALTER SEQUENCE attempts INCREMENT -1 MINVALUE -1000");
  const auto refused = repository->insert(environment("env_3"));
  CHECK(code_of(refused) == ErrorCode::unavailable);
  CHECK(refused.error().message.contains("40001"));
}

TEST_CASE("PostgreSQL: text that it cannot store is refused, and the connection stays of use") {
  const Nodes nodes;
  const auto repository = nodes.open();
  EnvironmentRow row = environment("env_1");
  row.name = std::string("zero\0inside", 11);
  CHECK(code_of(repository->insert(row)) == ErrorCode::invalid_argument);
  row.name = "no UTF-8: \xff";
  CHECK(code_of(repository->insert(row)) == ErrorCode::invalid_argument);
  row.name = "Zürich 🚀";
  REQUIRE(repository->insert(row));
  CHECK(given(repository->environment("env_1"))->name == "Zürich 🚀");
}

TEST_CASE("PostgreSQL: ten thousand that expire in the same second are gone within one") {
  const Nodes nodes;
  const auto repository = nodes.open();
  REQUIRE(repository->insert(environment("env_1")));
  REQUIRE(repository->insert(account("acc_1", "env_1")));
  nodes.sql(
      "INSERT INTO mcp_server SELECT 'mcp_' || n, 'acc_1', 'env_1', 's', '{}', "
      "decode(lpad(to_hex(n), 64, '0'), 'hex'), 5000, 'c', n, n, NULL, 0 "
      "FROM generate_series(1, 10000) n");
  const auto begun = std::chrono::steady_clock::now();
  std::size_t gone = 0;
  while (true) {
    const auto batch = given(repository->delete_expired(at(5), 1'000));
    gone += batch.size();
    if (batch.size() < 1'000) break;
  }
  const auto took = std::chrono::steady_clock::now() - begun;
  MESSAGE("took " << std::chrono::duration_cast<std::chrono::milliseconds>(took).count() << " ms");
  CHECK(gone == 10'000);
  CHECK(took < 2s);  // the machine of a test may be busy
  CHECK(given(repository->revision()) == 10'002);
}

TEST_CASE(
    "PostgreSQL: what owns more than a statement may delete in its time is deleted on all nodes") {
  const Nodes nodes;
  const PostgresOptions options{.statement_timeout = 2'000ms};
  const auto one = nodes.open(options);
  const auto other = nodes.open(options);
  REQUIRE(one->insert(environment("env_1")));
  REQUIRE(one->insert(environment("env_2")));
  REQUIRE(one->insert(account("acc_1", "env_1")));
  REQUIRE(one->insert(account("acc_2", "env_1")));
  REQUIRE(one->insert(api_token("tok_1", "env_1", 1)));
  // Each row takes a millisecond to go, so that 4,000 take four seconds.
  nodes.sql(
      "INSERT INTO mcp_server (id, account_id, environment_id, name, config, hash, created_by, "
      "created_at, updated_at, version) SELECT 'mcp_' || n, 'acc_' || n % 2 + 1, 'env_1', 's', "
      "'{}', "
      "sha256(n::text::bytea), 'c', n, n, 0 FROM generate_series(1, 4000) n;"
      "CREATE FUNCTION patchbay.slowly() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
      "PERFORM pg_sleep(0.001); RETURN OLD; END $$;"
      "CREATE TRIGGER slowly BEFORE DELETE ON mcp_server FOR EACH ROW EXECUTE FUNCTION "
      "patchbay.slowly()");
  REQUIRE(one->delete_environment("env_1"));
  CHECK(nodes.sql("SELECT count(*) FROM mcp_server") == "4000");
  CHECK_FALSE(given(other->environment("env_1")));
  CHECK(given(other->environments(Page())).size() == 1);
  CHECK_FALSE(given(other->account("acc_1")));
  CHECK(given(other->accounts({}, Page())).empty());
  CHECK_FALSE(given(other->api_token(hash_of(1))));
  CHECK(code_of(other->delete_environment("env_1")) == ErrorCode::not_found);
  // Its name is free.
  EnvironmentRow again = environment("env_3");
  again.name = environment("env_1").name;
  CHECK(other->insert(again));

  // Both at it, as their timers are.
  run_at_once(2, [&](int i) {
    Repository& node = i == 0 ? *one : *other;
    while (given(node.delete_remains(50))) {
    }
  });
  CHECK(nodes.sql("SELECT count(*) FROM mcp_server") == "0");
  CHECK(nodes.sql("SELECT count(*) FROM integrated_account") == "0");
  CHECK(nodes.sql("SELECT string_agg(id, ' ' ORDER BY id) FROM environment") == "env_2 env_3");
}

}  // namespace
}  // namespace patchbay::store
