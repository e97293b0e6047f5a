// Creates that carry a key, over the real journal in a SQLite file: the gateway before the sandbox.
#include <atomic>
#include <filesystem>

#include "audit/journal.h"
#include "base/mutex.h"
#include "base/random.h"
#include "gateway/test_world.h"
#include "store/repository.h"
#include "store/sqlite/open_sqlite.h"

namespace patchbay::gateway {

namespace {

constexpr const char* kCreate = "create_a_connect_wise_psa_ticket";

// A session of a process that dies before what came of a write is written: it says that it was, and
// writes nothing.
class Dying final : public store::EventSession {
 public:
  Dying(store::EventSession& session, const std::atomic<bool>& dies)
      : session_(session), dies_(dies) {}
  Result<std::optional<store::ChainRow>> lock_chain(std::string_view id) override {
    return session_.lock_chain(id);
  }
  Result<> make_chain(std::string_view id) override { return session_.make_chain(id); }
  Result<> update(const store::ChainRow& chain) override { return session_.update(chain); }
  Result<> insert(const store::EventRow& row) override { return session_.insert(row); }
  Result<> insert(const store::CallsRow& row) override { return session_.insert(row); }
  Result<bool> end(const store::EventRow& row) override {
    return dies_ ? Result<bool>(false) : session_.end(row);
  }
  Result<std::vector<store::EventRow>> open_events(WallTime before, std::size_t limit) override {
    return session_.open_events(before, limit);
  }
  Result<std::optional<store::EventRow>> event_of_key(std::string_view account_id,
                                                      std::string_view key) override {
    return session_.event_of_key(account_id, key);
  }
  Result<> keep_result(std::string_view id, std::string_view state,
                       const vault::SealedBytes& result) override {
    return dies_ ? Result<>() : session_.keep_result(id, state, result);
  }
  Result<> free_key(std::string_view id) override {
    return dies_ ? Result<>() : session_.free_key(id);
  }
  Result<bool> take_key(std::string_view id, WallTime then) override {
    return session_.take_key(id, then);
  }
  Result<> free_keys_before(WallTime at) override { return session_.free_keys_before(at); }
  Result<std::optional<std::string>> audit_settings(std::string_view id) override {
    return session_.audit_settings(id);
  }
  Result<std::int64_t> last_number_before(std::string_view chain, WallTime at) override {
    return session_.last_number_before(chain, at);
  }
  Result<std::string> link_of(std::string_view chain, std::int64_t number) override {
    return session_.link_of(chain, number);
  }
  Result<std::optional<store::CallsRow>> calls_around(std::string_view chain,
                                                      std::int64_t number) override {
    return session_.calls_around(chain, number);
  }
  Result<std::int64_t> delete_events(std::string_view chain, std::int64_t number) override {
    return session_.delete_events(chain, number);
  }

 private:
  store::EventSession& session_;
  const std::atomic<bool>& dies_;
};

// A disk that may be gone, and a process that may die before it writes what became of a call.
class Disk final : public store::EventRows {
 public:
  Disk() {
    std::filesystem::create_directory(folder_);
    restart();
  }
  ~Disk() override {
    repository_.reset();
    std::filesystem::remove_all(folder_);
  }
  Disk(const Disk&) = delete;
  Disk& operator=(const Disk&) = delete;

  void restart() {
    const MutexLock lock(mutex_);
    repository_.reset();
    repository_ = store::open_sqlite((folder_ / "journal.db").string()).value();
  }

  Result<> change_events(const std::function<Result<>(store::EventSession&)>& work) override {
    if (broken) return fail(ErrorCode::unavailable, "The disk is gone.");
    const MutexLock lock(mutex_);
    return repository_->change_events([&](store::EventSession& session) {
      Dying dying(session, dies);
      return work(dying);
    });
  }
  Result<std::optional<store::EventRow>> event(std::string_view id) override {
    return repository_->event(id);
  }
  Result<std::vector<store::EventRow>> events(const store::EventPage& page) override {
    return repository_->events(page);
  }
  Result<std::vector<store::EventRow>> events_by_number(std::string_view chain, std::int64_t after,
                                                        std::size_t limit) override {
    return repository_->events_by_number(chain, after, limit);
  }
  Result<std::vector<store::EventRow>> events_by_end(std::string_view chain, std::int64_t after,
                                                     std::size_t limit) override {
    return repository_->events_by_end(chain, after, limit);
  }
  Result<std::optional<store::CallsRow>> calls(std::string_view id) override {
    return repository_->calls(id);
  }
  Result<std::vector<store::CallsRow>> calls(const store::CallsPage& page) override {
    return repository_->calls(page);
  }
  Result<std::vector<store::CallsRow>> calls_by_number(std::string_view chain, std::int64_t after,
                                                       std::size_t limit) override {
    return repository_->calls_by_number(chain, after, limit);
  }
  Result<std::vector<store::ChainRow>> chains_after(std::string_view id,
                                                    std::size_t limit) override {
    return repository_->chains_after(id, limit);
  }

  std::atomic<bool> broken = false;
  std::atomic<bool> dies = false;

 private:
  const std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / random_id("patchbay-keys");
  Mutex mutex_;  // the journal writes while a test opens it again
  std::unique_ptr<store::Repository> repository_;
};

// The journal's clock, which a test may set forward.
class Later final : public Clock {
 public:
  WallTime now() const override { return day_.now() + by.load(); }
  MonotonicTime monotonic() const override { return day_.monotonic(); }

  std::atomic<std::chrono::milliseconds> by{};

 private:
  TestDay day_;
};

struct Desk {
  Disk disk;
  Later clock;
  World world;

  explicit Desk(sandbox::SandboxOptions sandbox_options = {}, GatewayOptions options = {})
      : world(std::move(sandbox_options), with_journal(std::move(options))) {}
  GatewayOptions with_journal(GatewayOptions options) {
    options.journal = std::make_shared<audit::Journal>(
        disk, vault::Vault::open(Secret(std::string(64, 'a'))).value(), clock);
    return options;
  }
  std::int64_t tickets() { return world.direct("/service/tickets/count").int64_or("count", -1); }
  Answered create(const std::string& summary, const std::string& key) {
    return world.call(kCreate, R"({"company":"Acme Corp","allow_duplicate":true,"summary":")" +
                                   summary + R"(","idempotency_key":")" + key + "\"}");
  }
};

std::string code_of(const Answered& outcome) {
  const auto* error = outcome.value.find("error");
  return error != nullptr ? std::string(error->string_or("code", "")) : "";
}

}  // namespace

TEST_CASE("idempotency: the same key and arguments return the first result, and make one record") {
  Desk desk;
  const auto before = desk.tickets();
  const auto first = desk.create("Once", "k");
  REQUIRE_MESSAGE(!first.result.is_error, first.result.text);
  CHECK(desk.create("Once", "k").result.text == first.result.text);
  desk.disk.restart();
  CHECK(desk.create("Once", "k").result.text == first.result.text);
  CHECK(desk.tickets() == before + 1);
}

TEST_CASE("idempotency: other arguments with the same key are refused, also after a restart") {
  Desk desk;
  const auto before = desk.tickets();
  REQUIRE(!desk.create("First", "k").result.is_error);
  for (int round = 0; round < 2; ++round) {
    const auto other = desk.create("Second", "k");
    CHECK(code_of(other) == "conflict");
    CHECK(other.was_applied() == "no");
    desk.disk.restart();
  }
  CHECK(desk.tickets() == before + 1);
}

TEST_CASE("idempotency: a key is free again after 24 hours, and not before") {
  Desk desk;
  const auto before = desk.tickets();
  const auto first = desk.create("Daily", "k");
  REQUIRE(!first.result.is_error);
  desk.clock.by = std::chrono::hours(23) + std::chrono::minutes(59);
  CHECK(desk.create("Daily", "k").result.text == first.result.text);
  desk.clock.by = std::chrono::hours(24) + std::chrono::minutes(1);
  const auto next = desk.create("Daily", "k");
  REQUIRE_MESSAGE(!next.result.is_error, next.result.text);
  CHECK(next.value.int64_or("id", 0) != first.value.int64_or("id", 0));
  CHECK(desk.tickets() == before + 2);
}

TEST_CASE("idempotency: allow_duplicate is no part of what the key stands for") {
  Desk desk;
  const auto before = desk.tickets();
  const std::string arguments = R"({"summary":"Once only","company":"Acme Corp")";
  const auto first = desk.world.call(kCreate, arguments + R"(,"idempotency_key":"k1"})");
  REQUIRE_MESSAGE(!first.result.is_error, first.result.text);
  const auto again =
      desk.world.call(kCreate, arguments + R"(,"idempotency_key":"k1","allow_duplicate":true})");
  CHECK(again.result.text == first.result.text);
  CHECK(desk.tickets() == before + 1);
}

TEST_CASE("idempotency: of calls at the same time one writes, the others are told to wait") {
  sandbox::SandboxOptions slow;
  slow.latency = std::chrono::milliseconds(100);
  Desk desk(slow);
  const auto before = desk.tickets();
  // Insisting: else the others would be given the first one's result.
  const std::vector<std::pair<std::string, std::string>> calls(
      6,
      {kCreate,
       R"({"summary":"At once","company":"Acme Corp","idempotency_key":"k2","allow_duplicate":true})"});
  int made = 0;
  for (const auto& result : desk.world.harness.call_together(calls)) {
    if (!result.is_error) ++made;
    if (result.is_error) CHECK_MESSAGE(result.text.contains("under way"), result.text);
  }
  CHECK(made == 1);
  CHECK(desk.tickets() == before + 1);
}

TEST_CASE("idempotency: a refusal frees the key") {
  Desk desk;
  // Refused before anything is sent: a board that is not there.
  const std::string refused =
      R"({"summary":"x","company":"Acme Corp","board":"No such","idempotency_key":"k3"})";
  CHECK(desk.world.call(kCreate, refused).result.is_error);
  auto outcome =
      desk.world.call(kCreate, R"({"summary":"x","company":"Acme Corp","idempotency_key":"k3"})");
  CHECK_MESSAGE(!outcome.result.is_error, outcome.result.text);
  // Refused by the API.
  outcome = desk.world.call(kCreate, R"({"company":"Acme Corp","summary":"x","priority":99999,
                                         "allow_duplicate":true,"idempotency_key":"k"})");
  CHECK(outcome.result.upstream_status == 400);
  CHECK(outcome.was_applied() == "no");
  CHECK_FALSE(desk.create("Fits", "k").result.is_error);
}

TEST_CASE("idempotency: what got no answer may still be done, and is not sent meanwhile") {
  sandbox::SandboxOptions slow;
  slow.latency = std::chrono::milliseconds(800);
  GatewayOptions hasty;
  hasty.upstream_timeout = std::chrono::milliseconds(200);
  Desk unsure(slow, hasty);
  const std::string at_once =
      R"({"summary":"Late","company":2,"idempotency_key":"k4","allow_duplicate":true})";
  auto outcome = unsure.world.call(kCreate, at_once);
  CHECK(outcome.was_applied() == "unknown");
  outcome = unsure.world.call(kCreate, at_once);
  CHECK(code_of(outcome) == "conflict");
  CHECK(outcome.was_applied() == "unknown");
  CHECK(outcome.error().contains("may still be under way"));
  // Not sooner than it is decided: both waits, twice.
  const auto* wait = outcome.value.find("error")->find("retry_after_seconds");
  REQUIRE_MESSAGE(wait != nullptr, outcome.result.text);
  const auto longest = std::chrono::ceil<std::chrono::seconds>(
      2 * (hasty.upstream_timeout + hasty.throttle.longest));
  CHECK(wait->as_int64() <= longest.count());
  CHECK(wait->as_int64() > longest.count() - 10);
  CHECK_MESSAGE(outcome.error().contains(json::to_string(*wait) + " seconds at most"),
                outcome.error());
  unsure.clock.by = longest;
  outcome = unsure.world.call(kCreate, at_once);
  CHECK_FALSE(outcome.error().contains("under way"));
}

TEST_CASE("idempotency: a file goes up once for each key") {
  Desk desk;
  const std::string tool = "create_a_connect_wise_psa_document";
  const auto documents = [&] {
    return desk.world.direct_ids("/system/documents?recordType=Ticket&recordId=5012").size();
  };
  const auto upload = [&](const std::string& text, const std::string& key) {
    return desk.world.harness.call_value(tool, json::Object{{"ticketId", 5012},
                                                            {"fileName", "firewall.log"},
                                                            {"text", text},
                                                            {"idempotency_key", key}});
  };
  const auto before = documents();
  const auto first = upload("09:14 link down", "up");
  REQUIRE_MESSAGE(!first.result.is_error, first.result.text);
  const auto again = upload("09:14 link down", "up");
  CHECK_MESSAGE(again.value.int64_or("id", 0) == first.value.int64_or("id", -1), again.result.text);
  CHECK(documents() == before + 1);
  // Another content is another write.
  CHECK(code_of(upload("09:15 link up", "up")) == "conflict");
  CHECK(documents() == before + 1);
  // One that died before its result was written is looked for, or told as not known; never twice.
  desk.disk.dies = true;
  CHECK_FALSE(upload("10:00 died", "late").result.is_error);
  desk.disk.dies = false;
  desk.disk.restart();
  CHECK(documents() == before + 2);
  desk.clock.by = std::chrono::minutes(10);
  const auto late = upload("10:00 died", "late");
  CHECK(documents() == before + 2);
  if (late.result.is_error) CHECK(late.was_applied() == "unknown");
}

TEST_CASE("idempotency: what died before its result was written is looked for, and made once") {
  Desk desk;
  const auto before = desk.tickets();
  desk.disk.dies = true;
  const auto died = desk.create("Died", "k");
  // Whoever still listens is told what was made.
  CHECK_MESSAGE(!died.result.is_error, died.result.text);
  desk.disk.dies = false;
  desk.disk.restart();
  CHECK(desk.tickets() == before + 1);
  auto again = desk.create("Died", "k");
  CHECK(code_of(again) == "conflict");
  CHECK(again.was_applied() == "unknown");
  CHECK(again.error().contains("under way"));
  desk.clock.by = std::chrono::minutes(10);
  again = desk.create("Died", "k");
  CHECK_MESSAGE(!again.result.is_error, again.result.text);
  CHECK(again.value.int64_or("id", 0) == died.value.int64_or("id", -1));
  CHECK(again.value.string_or("notice", "").contains("one record with the same values"));
  // From then on it is the key's result.
  CHECK(desk.create("Died", "k").value.int64_or("id", 0) == died.value.int64_or("id", -1));
  CHECK(desk.tickets() == before + 1);
}

TEST_CASE("idempotency: without a place for the key nothing is sent") {
  Desk desk;
  const auto before = desk.tickets();
  const std::string arguments = R"({"summary":"x","company":"Acme Corp","idempotency_key":"k6"})";
  desk.disk.broken = true;
  auto outcome = desk.world.call(kCreate, arguments);
  CHECK(code_of(outcome) == "unavailable");
  World without;
  outcome = without.call(kCreate, arguments);
  CHECK(code_of(outcome) == "unsupported");
  CHECK(desk.tickets() == before);
}

TEST_CASE("idempotency: given up at any moment, a create is done once, and the key knows it") {
  using std::chrono::milliseconds;
  Desk desk({.latency = milliseconds(20)});
  auto& runtime = desk.world.runtime;
  auto& harness = desk.world.harness;
  auto tickets = desk.tickets();
  int done_all_the_same = 0;
  for (int round = 0; round < 10; ++round) {
    CAPTURE(round);
    const std::string key = "given-up-" + std::to_string(round);
    runtime.run(runtime.loop(0), [&]() -> io::Task<> {
      const auto source = std::make_shared<io::CancelSource>();
      CallContext context = harness.context;
      context.cancel = source->token();
      runtime.spawn(runtime.loop(0), [source, round]() -> io::Task<> {
        co_await io::sleep(milliseconds(30) * round);  // as long as it takes, and longer
        source->cancel();
      });
      auto arguments = json::parse(R"({"company":"Acme Corp","allow_duplicate":true,"summary":")" +
                                   key + R"(","idempotency_key":")" + key + "\"}");
      const auto first =
          co_await harness.gateway().call(*harness.tools->find(kCreate), *arguments, context);
      if (!first.is_error) ++done_all_the_same;
    });
    const auto again = desk.create(key, key);
    CHECK_MESSAGE(!again.result.is_error, again.result.text);
    CHECK(desk.tickets() == ++tickets);
  }
  CHECK(done_all_the_same > 0);
  CHECK(done_all_the_same < 10);
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
  again = world.call(kCreate, R"({"summary":" printer on fire ","company":"Acme Corp"})");
  CHECK(again.error().contains(id));
  again = world.call(
      kCreate, R"({"summary":"Printer on fire","company":"Acme Corp","allow_duplicate":true})");
  CHECK_MESSAGE(!again.result.is_error, again.result.text);
  again = world.call(kCreate, R"({"summary":"Printer still on fire","company":"Acme Corp"})");
  CHECK_MESSAGE(!again.result.is_error, again.result.text);
}

}  // namespace patchbay::gateway
