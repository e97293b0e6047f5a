#include "gateway/call/idempotency.h"

#include <atomic>
#include <map>

#include "base/mutex.h"
#include "gateway/test_world.h"

namespace patchbay::gateway {

namespace {

constexpr const char* kCreate = "create_a_connect_wise_psa_ticket";

class MemoryStore final : public IdempotencyStore {
 public:
  Result<std::optional<Attempt>> begin(const Key& key, std::string_view digest, WallTime now,
                                       WallTime valid_from) override {
    const MutexLock lock(mutex_);
    if (broken) return fail(ErrorCode::unavailable, "The disk is gone.");
    auto& slot = attempts_[{key.account_id, key.key}];
    if (slot && slot->started_at >= valid_from) return slot;
    slot = Attempt{State::started, std::string(digest), {}, now};
    return std::nullopt;
  }
  Result<> finish(const Key& key, State state, std::string_view result) override {
    const MutexLock lock(mutex_);
    auto& slot = attempts_[{key.account_id, key.key}];
    slot->state = state;
    slot->result = result;
    return {};
  }
  Result<> forget(const Key& key) override {
    const MutexLock lock(mutex_);
    attempts_.erase({key.account_id, key.key});
    return {};
  }
  void age(std::chrono::milliseconds by) {
    const MutexLock lock(mutex_);
    for (auto& [key, attempt] : attempts_) attempt->started_at -= by;
  }

  std::atomic<bool> broken = false;

 private:
  Mutex mutex_;
  std::map<std::pair<std::string, std::string>, std::optional<Attempt>> attempts_
      PATCHBAY_GUARDED_BY(mutex_);
};

struct Desk {
  std::shared_ptr<MemoryStore> store = std::make_shared<MemoryStore>();
  World world;
  explicit Desk(sandbox::SandboxOptions sandbox_options = {}, GatewayOptions options = {})
      : world(std::move(sandbox_options), with(std::move(options), store)) {}
  static GatewayOptions with(GatewayOptions options, std::shared_ptr<IdempotencyStore> keys) {
    options.idempotency = std::move(keys);
    return options;
  }
  std::int64_t tickets() { return world.direct("/service/tickets/count").int64_or("count", -1); }
};

}  // namespace

TEST_CASE("idempotency: the same key and arguments return the first result, and make one record") {
  Desk desk;
  const auto before = desk.tickets();
  const std::string arguments =
      R"({"summary":"Once only","company":"Acme Corp","idempotency_key":"k1"})";
  const auto first = desk.world.call(kCreate, arguments);
  REQUIRE_MESSAGE(!first.result.is_error, first.result.text);
  const auto again = desk.world.call(kCreate, arguments);
  CHECK(again.result.text == first.result.text);
  CHECK(desk.tickets() == before + 1);

  auto other = desk.world.call(
      kCreate, R"({"summary":"Another","company":"Acme Corp","idempotency_key":"k1"})");
  CHECK(other.value.find("error")->string_or("code", "") == "conflict");
  CHECK(other.was_applied() == "no");
  CHECK(desk.tickets() == before + 1);
  // A day later the key is free; the guard against duplicates is another matter.
  desk.store->age(std::chrono::hours(25));
  other = desk.world.call(kCreate,
                          R"({"summary":"Another","company":"Acme Corp","idempotency_key":"k1"})");
  CHECK_MESSAGE(!other.result.is_error, other.result.text);
  CHECK(desk.tickets() == before + 2);
}

TEST_CASE("idempotency: of calls at the same time one writes, the others are told to wait") {
  sandbox::SandboxOptions slow;
  slow.latency = std::chrono::milliseconds(100);
  Desk desk(slow);
  const auto before = desk.tickets();
  const std::vector<std::pair<std::string, std::string>> calls(
      5, {kCreate, R"({"summary":"At once","company":"Acme Corp","idempotency_key":"k2"})"});
  int made = 0;
  for (const auto& result : desk.world.harness.call_together(calls)) {
    if (!result.is_error) ++made;
    if (result.is_error) CHECK_MESSAGE(result.text.contains("still under way"), result.text);
  }
  CHECK(made == 1);
  CHECK(desk.tickets() == before + 1);
}

TEST_CASE("idempotency: a refusal frees the key, an unknown outcome keeps it") {
  Desk desk;
  // The API refuses it: a contact of another company.
  const std::string refused =
      R"({"summary":"x","company":"Acme Corp","board":"No such","idempotency_key":"k3"})";
  CHECK(desk.world.call(kCreate, refused).result.is_error);
  auto outcome =
      desk.world.call(kCreate, R"({"summary":"x","company":"Acme Corp","idempotency_key":"k3"})");
  CHECK_MESSAGE(!outcome.result.is_error, outcome.result.text);

  sandbox::SandboxOptions slow;
  slow.latency = std::chrono::milliseconds(800);
  GatewayOptions hasty;
  hasty.upstream_timeout = std::chrono::milliseconds(200);
  Desk unsure(slow, hasty);
  const std::string late = R"({"summary":"Late","company":2,"idempotency_key":"k4",
                              "allow_duplicate":true})";
  outcome = unsure.world.call(kCreate, late);
  CHECK(outcome.was_applied() == "unknown");
  outcome = unsure.world.call(kCreate, late);
  CHECK(outcome.value.find("error")->string_or("code", "") == "conflict");
  CHECK(outcome.was_applied() == "unknown");
  CHECK(outcome.error().contains("not repeated by itself"));
}

TEST_CASE("idempotency: an attempt that died with the process is told as unknown, not repeated") {
  Desk desk;
  const auto before = desk.tickets();
  const std::string arguments =
      R"({"summary":"Died","company":"Acme Corp","idempotency_key":"k5"})";
  const auto first = desk.world.call(kCreate, arguments);
  REQUIRE(!first.result.is_error);
  REQUIRE(desk.store->finish({"acc_test", "k5"}, IdempotencyStore::State::started, ""));
  CHECK(desk.world.call(kCreate, arguments).error().contains("under way"));
  desk.store->age(std::chrono::minutes(10));
  const auto later = desk.world.call(kCreate, arguments);
  CHECK(later.error().contains("not repeated by itself"));
  CHECK(later.was_applied() == "unknown");
  CHECK(desk.tickets() == before + 1);
}

TEST_CASE("idempotency: without a place for the key nothing is sent") {
  Desk desk;
  const auto before = desk.tickets();
  const std::string arguments = R"({"summary":"x","company":"Acme Corp","idempotency_key":"k6"})";
  desk.store->broken = true;
  auto outcome = desk.world.call(kCreate, arguments);
  CHECK(outcome.value.find("error")->string_or("code", "") == "unavailable");
  World without;
  outcome = without.call(kCreate, arguments);
  CHECK(outcome.value.find("error")->string_or("code", "") == "unsupported");
  CHECK(desk.tickets() == before);
}

TEST_CASE("duplicates: a ticket that was just created is named instead of created again") {
  World world;
  const std::string arguments = R"({"summary":"Printer on fire","company":"Acme Corp"})";
  const auto first = world.call(kCreate, arguments);
  REQUIRE_MESSAGE(!first.result.is_error, first.result.text);
  const auto id = std::to_string(first.value.int64_or("id", 0));
  auto again = world.call(kCreate, arguments);
  CHECK(again.value.find("error")->string_or("code", "") == "conflict");
  CHECK(again.was_applied() == "no");
  CHECK(again.error().contains(id));
  CHECK(again.error().contains("allow_duplicate"));
  again = world.call(
      kCreate, R"({"summary":"Printer on fire","company":"Acme Corp","allow_duplicate":true})");
  CHECK_MESSAGE(!again.result.is_error, again.result.text);
  again = world.call(kCreate, R"({"summary":"Printer still on fire","company":"Acme Corp"})");
  CHECK_MESSAGE(!again.result.is_error, again.result.text);
}

}  // namespace patchbay::gateway
