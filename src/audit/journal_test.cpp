// The journal over the real store: rows in a SQLite file that is closed and opened again. What a
// key finds stands here; what the events say and how they hang together in log_test.cpp.
#include "audit/journal.h"

#include <atomic>
#include <filesystem>
#include <fstream>
#include <future>
#include <iterator>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

#include "base/random.h"
#include "store/repository.h"
#include "store/sqlite/open_sqlite.h"
#include "vault/vault.h"

namespace patchbay::audit {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

Write write(std::string key, std::string digest = "d", std::string_view account_id = "acc_1") {
  return {
      .event = {.by = {.environment_id = "env_1", .account_id = account_id, .server_id = "mcp_1"},
                .kind = Kind::write,
                .tool = "create_a_thing"},
      .key = std::move(key),
      .digest = std::move(digest),
      .longest_call = minutes(3)};
}

class Desk {
 public:
  Desk() {
    std::filesystem::create_directory(folder_);
    open();
    REQUIRE(repository->insert(store::EnvironmentRow{.id = "env_1", .name = "E"}));
  }
  ~Desk() {
    close();
    std::filesystem::remove_all(folder_);
  }
  Desk(const Desk&) = delete;
  Desk& operator=(const Desk&) = delete;

  // The process ends and starts again, perhaps with another master key.
  void restart(char key = 'a') {
    close();
    key_ = key;
    open();
  }
  std::string bytes_on_disk() {
    close();
    std::string all;
    for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
      std::ifstream stream(entry.path(), std::ios::binary);
      all.append(std::istreambuf_iterator<char>(stream), {});
    }
    open();
    return all;
  }

  Begun resume(const Open& open_write) {
    std::promise<Result<Begun>> begun;
    journal->resume(write("k"), open_write,
                    [&](Result<Begun> found) { begun.set_value(std::move(found)); });
    return begun.get_future().get().value();
  }
  Result<> end(const Begun& begun, const Ended& ended) {
    return journal->end(std::get<Go>(begun), ended,
                        {.outcome = std::holds_alternative<Done>(ended)      ? Outcome::done
                                    : std::holds_alternative<NotDone>(ended) ? Outcome::failed
                                                                             : Outcome::unknown});
  }
  Begun begin(const Write& intent) { return journal->begin(intent).value(); }
  // Begins and finishes a write that must be free to go.
  void keep(const Write& intent, const Ended& ended) {
    const auto begun = begin(intent);
    REQUIRE(std::holds_alternative<Go>(begun));
    REQUIRE(end(begun, ended));
  }

  ManualClock clock{std::chrono::sys_days(std::chrono::year(2026) / 11 / 22)};
  std::shared_ptr<const vault::Vault> vault;
  std::unique_ptr<store::Repository> repository;
  std::unique_ptr<Journal> journal;

 private:
  void open() {
    vault = vault::Vault::open(Secret(std::string(64, key_))).value();
    repository = store::open_sqlite((folder_ / "journal.db").string()).value();
    journal = std::make_unique<Journal>(*repository, vault, clock);
  }
  void close() {
    journal.reset();
    repository.reset();
  }

  const std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / random_id("patchbay-journal");
  char key_ = 'a';
};

// The result that a repetition gets; "" if it gets none.
std::string repeated(const Begun& begun) {
  const auto* const repeat = std::get_if<Repeat>(&begun);
  return repeat != nullptr ? repeat->result : "";
}

template <class T>
bool is(const Begun& begun) {
  return std::holds_alternative<T>(begun);
}

}  // namespace

TEST_CASE("a repetition gets the first result, also after a restart") {
  Desk desk;
  desk.keep(write("k"), Done{R"({"id":7})"});
  CHECK(repeated(desk.begin(write("k"))) == R"({"id":7})");
  desk.restart();
  CHECK(repeated(desk.begin(write("k"))) == R"({"id":7})");
  // The key is the account's: another has its own.
  CHECK(is<Go>(desk.begin(write("k", "d", "acc_2"))));
  CHECK(is<Go>(desk.begin(write("k2"))));
}

TEST_CASE("other arguments with the same key are told apart, whatever became of the first") {
  Desk desk;
  desk.keep(write("done"), Done{"{}"});
  desk.keep(write("unknown"), Unknown{});
  static_cast<void>(desk.begin(write("started")));
  for (int round = 0; round < 2; ++round) {
    for (const char* key : {"done", "unknown", "started"}) {
      CHECK(is<OtherArguments>(desk.begin(write(key, "another"))));
    }
    desk.restart();
  }
  CHECK(repeated(desk.begin(write("done"))) == "{}");
}

TEST_CASE("a write that did not happen frees its key, for whatever comes next") {
  Desk desk;
  desk.keep(write("k"), NotDone{});
  desk.keep(write("k", "another"), Done{"{}"});
  CHECK(repeated(desk.begin(write("k", "another"))) == "{}");
}

TEST_CASE("a write whose answer told nothing is open, from the first moment") {
  Desk desk;
  desk.keep(write("k"), Unknown{});
  CHECK(is<Open>(desk.begin(write("k"))));
  desk.restart();
  CHECK(is<Open>(desk.begin(write("k"))));
}

TEST_CASE("what died with its process, or got no answer, is under way at first, then open") {
  Desk desk;
  REQUIRE(is<Go>(desk.begin(write("k"))));
  desk.restart();
  CHECK(is<UnderWay>(desk.begin(write("k"))));
  desk.clock.advance(minutes(3) - std::chrono::milliseconds(1));
  CHECK(is<UnderWay>(desk.begin(write("k"))));
  desk.clock.advance(std::chrono::milliseconds(1));
  CHECK(is<Open>(desk.begin(write("k"))));
  desk.clock.advance(hours(23));
  CHECK(is<Open>(desk.begin(write("k"))));
}

TEST_CASE("an open write is taken up by one of those who find it, and is under way again") {
  Desk desk;
  desk.keep(write("k"), Unknown{});
  const auto begun = desk.begin(write("k"));
  REQUIRE(is<Open>(begun));
  desk.clock.advance(minutes(5));
  CHECK(is<Go>(desk.resume(std::get<Open>(begun))));
  CHECK(is<UnderWay>(desk.resume(std::get<Open>(begun))));
  CHECK(is<UnderWay>(desk.begin(write("k"))));
  desk.restart();
  desk.clock.advance(minutes(3));
  const auto later = desk.begin(write("k"));
  REQUIRE(is<Open>(later));
  CHECK(std::get<Open>(later).since > std::get<Open>(begun).since);
}

TEST_CASE("a key is free again after 24 hours, and not before") {
  Desk desk;
  desk.keep(write("k"), Done{"first"});
  desk.clock.advance(hours(23) + minutes(59));
  CHECK(repeated(desk.begin(write("k"))) == "first");
  desk.clock.advance(minutes(2));
  desk.keep(write("k"), Done{"second"});
  CHECK(repeated(desk.begin(write("k"))) == "second");
}

TEST_CASE("a late end does not touch who has the key by then, and is recorded all the same") {
  Desk desk;
  const auto late = desk.begin(write("k"));
  const auto later = desk.begin(write("l"));
  desk.clock.advance(hours(25));
  desk.keep(write("k"), Done{"second"});
  desk.keep(write("l"), Done{"second"});
  CHECK(desk.end(late, Done{"first"}));
  CHECK(desk.end(later, NotDone{}));
  CHECK(repeated(desk.begin(write("k"))) == "second");
  CHECK(repeated(desk.begin(write("l"))) == "second");
  // An event ends once.
  CHECK(desk.end(late, Done{"third"}).error().code == ErrorCode::not_found);
}

TEST_CASE("a write with a short life of its own leaves the keys of others alone") {
  Desk desk;
  desk.keep(write("k"), Done{"kept"});
  desk.clock.advance(hours(1));
  Write brief = write("other");
  brief.valid = minutes(5);
  desk.keep(brief, Done{"brief"});
  CHECK(repeated(desk.begin(write("k"))) == "kept");
}

TEST_CASE("of threads that begin the same write one goes") {
  Desk desk;
  std::atomic<int> gone = 0;
  std::atomic<int> told = 0;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      const auto begun = desk.journal->begin(write("raced"));
      if (!begun) return;
      if (is<Go>(*begun)) ++gone;
      if (is<UnderWay>(*begun)) ++told;
    });
  }
  threads.clear();
  CHECK(gone == 1);
  CHECK(told == 7);
}

TEST_CASE("results are sealed, and one that opens no more is unknown, not forgotten") {
  Desk desk;
  desk.keep(write("k"), Done{"Confidential matter"});
  CHECK_FALSE(desk.bytes_on_disk().contains("Confidential matter"));
  desk.restart('b');
  // It was done all the same, and is not taken up.
  CHECK(is<Lost>(desk.begin(write("k"))));
}

TEST_CASE(
    "results are bound to account and key, in the place that older versions sealed them for") {
  Desk desk;
  std::int64_t number = -1;
  const auto put = [&](std::string id, std::string key, std::string_view place) {
    REQUIRE(desk.repository->change_events([&](store::EventSession& session) {
      return session.insert({.id = std::move(id),
                             .chain = "env_1",
                             .number = number--,
                             .at = desk.clock.now(),
                             .kind = "write",
                             .account_id = "acc_1",
                             .outcome = "done",
                             .begun = "{}",
                             .key = std::move(key),
                             .digest = "d",
                             .state = "done",
                             .result = desk.vault->seal(Secret("kept"), place)});
    }));
  };
  put("wrt_1", "old", "idempotency\nacc_1\nold");
  put("wrt_2", "moved", "idempotency\nacc_1\nold");
  CHECK(repeated(desk.begin(write("old"))) == "kept");
  CHECK(is<Lost>(desk.begin(write("moved"))));
}

}  // namespace patchbay::audit
