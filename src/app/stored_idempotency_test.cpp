// Idempotency keys through the real store: the gateway before the sandbox, with its keys in a
// SQLite file that is closed and opened again.
#include "app/stored_idempotency.h"

#include <atomic>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <thread>

#include <doctest/doctest.h>

#include "base/random.h"
#include "gateway/test_world.h"

namespace patchbay::app {

namespace {

using gateway::IdempotencyStore;
using State = IdempotencyStore::State;

constexpr const char* kCreate = "create_a_connect_wise_psa_ticket";

store::AccountRow account(std::string id) {
  store::AccountRow row;
  row.id = std::move(id);
  row.environment_id = "env_1";
  row.integration = "connectwise_psa";
  row.name = "PSA";
  row.status = "active";
  return row;
}

// The real store behind a door that can be told that the process died, that it is later, or that
// the master key is another.
class Door final : public IdempotencyStore {
 public:
  Door() {
    std::filesystem::create_directory(folder_);
    open();
    REQUIRE(repository_->insert(store::EnvironmentRow{.id = "env_1", .name = "E"}));
    REQUIRE(repository_->insert(account("acc_test")));
    REQUIRE(repository_->insert(account("acc_other")));
  }
  ~Door() override {
    close();
    std::filesystem::remove_all(folder_);
  }
  Door(const Door&) = delete;
  Door& operator=(const Door&) = delete;

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

  Result<std::optional<Attempt>> begin(const Key& key, std::string_view digest, WallTime now,
                                       WallTime valid_from) override {
    auto found = stored_->begin(key, digest, now + later, valid_from + later);
    if (found && *found) (*found)->started_at -= later;
    return found;
  }
  Result<> finish(const Key& key, State state, std::string_view result) override {
    if (dies) return fail(ErrorCode::unavailable, "The process is gone.");
    return stored_->finish(key, state, result);
  }
  Result<> forget(const Key& key) override {
    if (dies) return fail(ErrorCode::unavailable, "The process is gone.");
    return stored_->forget(key);
  }

  std::chrono::milliseconds later{0};
  std::atomic<bool> dies = false;

 private:
  void open() {
    repository_ = store::open_sqlite((folder_ / "keys.db").string()).value();
    stored_ = std::make_unique<StoredIdempotency>(
        *repository_, vault::Vault::open(Secret(std::string(64, key_))).value());
  }
  void close() {
    stored_.reset();
    repository_.reset();
  }

  const std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / random_id("patchbay-keys");
  char key_ = 'a';
  std::unique_ptr<store::Repository> repository_;
  std::unique_ptr<StoredIdempotency> stored_;
};

struct Desk {
  std::shared_ptr<Door> door = std::make_shared<Door>();
  gateway::World world;

  explicit Desk(sandbox::SandboxOptions sandbox = {})
      : world(std::move(sandbox), gateway::GatewayOptions{.idempotency = door}) {}
  std::int64_t tickets() { return world.direct("/service/tickets/count").int64_or("count", -1); }
  gateway::Outcome create(const std::string& summary, const std::string& key) {
    return world.call(kCreate, R"({"company":"Acme Corp","allow_duplicate":true,"summary":")" +
                                   summary + R"(","idempotency_key":")" + key + "\"}");
  }
};

std::string code_of(const gateway::Outcome& outcome) {
  const auto* error = outcome.value.find("error");
  return error != nullptr ? std::string(error->string_or("code", "")) : "";
}

}  // namespace

TEST_CASE("stored keys: a repetition gets the first result, also after a restart") {
  Desk desk;
  const auto before = desk.tickets();
  const auto first = desk.create("Once", "k");
  REQUIRE_MESSAGE(!first.result.is_error, first.result.text);
  CHECK(desk.create("Once", "k").result.text == first.result.text);
  desk.door->restart();
  CHECK(desk.create("Once", "k").result.text == first.result.text);
  CHECK(desk.tickets() == before + 1);
  // The key is the account's: another has its own.
  const auto now = SystemClock().now();
  CHECK_FALSE(desk.door->begin({"acc_other", "k"}, "digest", now, now).value().has_value());
}

TEST_CASE("stored keys: other arguments with the same key are refused, also after a restart") {
  Desk desk;
  const auto before = desk.tickets();
  REQUIRE(!desk.create("First", "k").result.is_error);
  for (int round = 0; round < 2; ++round) {
    const auto other = desk.create("Second", "k");
    CHECK(code_of(other) == "conflict");
    CHECK(other.was_applied() == "no");
    desk.door->restart();
  }
  CHECK(desk.tickets() == before + 1);
}

TEST_CASE("stored keys: a refusal by the API frees the key") {
  Desk desk;
  const auto refused = desk.world.call(kCreate,
                                       R"({"company":"Acme Corp","summary":"x","priority":99999,
                                           "idempotency_key":"k"})");
  CHECK(refused.result.upstream_status == 400);
  CHECK(refused.was_applied() == "no");
  CHECK_FALSE(desk.create("Fits", "k").result.is_error);
}

TEST_CASE("stored keys: what died before its result was written is never repeated") {
  Desk desk;
  const auto before = desk.tickets();
  desk.door->dies = true;
  static_cast<void>(desk.create("Died", "k"));
  desk.door->dies = false;
  desk.door->restart();
  CHECK(desk.tickets() == before + 1);
  auto again = desk.create("Died", "k");
  CHECK(code_of(again) == "conflict");
  CHECK(again.was_applied() == "unknown");
  desk.door->later = std::chrono::minutes(10);
  again = desk.create("Died", "k");
  CHECK(again.was_applied() == "unknown");
  CHECK(again.error().contains("not repeated by itself"));
  CHECK(desk.tickets() == before + 1);
}

TEST_CASE("stored keys: a key is free again after 24 hours, and not before") {
  Desk desk;
  const auto before = desk.tickets();
  const auto first = desk.create("Daily", "k");
  REQUIRE(!first.result.is_error);
  desk.door->later = std::chrono::hours(23) + std::chrono::minutes(59);
  CHECK(desk.create("Daily", "k").result.text == first.result.text);
  desk.door->later = std::chrono::hours(24) + std::chrono::minutes(1);
  const auto next = desk.create("Daily", "k");
  REQUIRE_MESSAGE(!next.result.is_error, next.result.text);
  CHECK(next.value.int64_or("id", 0) != first.value.int64_or("id", 0));
  CHECK(desk.tickets() == before + 2);
}

TEST_CASE("stored keys: of calls at the same time one writes") {
  sandbox::SandboxOptions slow;
  slow.latency = std::chrono::milliseconds(100);
  Desk desk(slow);
  const auto before = desk.tickets();
  const std::vector<std::pair<std::string, std::string>> calls(
      6, {kCreate, R"({"company":"Acme Corp","summary":"At once","idempotency_key":"k"})"});
  int made = 0;
  for (const auto& result : desk.world.harness.call_together(calls)) {
    if (!result.is_error) ++made;
    if (result.is_error) CHECK_MESSAGE(result.text.contains("still under way"), result.text);
  }
  CHECK(made == 1);
  CHECK(desk.tickets() == before + 1);

  // And of threads that ask the store itself.
  std::atomic<int> free = 0;
  const auto now = SystemClock().now();
  std::vector<std::jthread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      const auto found = desk.door->begin({"acc_test", "raced"}, "digest", now, now);
      if (found && !*found) ++free;
    });
  }
  threads.clear();
  CHECK(free == 1);
}

TEST_CASE("stored keys: results are sealed, and one that opens no more is unknown, not forgotten") {
  Desk desk;
  const auto before = desk.tickets();
  REQUIRE(!desk.create("Confidential matter", "k").result.is_error);
  CHECK_FALSE(desk.door->bytes_on_disk().contains("Confidential matter"));
  desk.door->restart('b');
  desk.door->later = std::chrono::minutes(10);
  const auto again = desk.create("Confidential matter", "k");
  CHECK(again.was_applied() == "unknown");
  CHECK(desk.tickets() == before + 1);
}

}  // namespace patchbay::app
