// An audit log of its own, over the real store, with a clock that a test sets forward.
#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "audit/event_json.h"
#include "audit/journal.h"
#include "audit/log.h"
#include "audit/verify.h"
#include "base/random.h"
#include "store/repository.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/open_sqlite.h"
#include "vault/vault.h"

namespace patchbay::audit::testing {

using std::chrono::milliseconds;

inline Event call_of(std::string_view tool, std::string_view environment = "env_1",
                     Kind kind = Kind::read) {
  return {.by = {.environment_id = environment,
                 .account_id = "acc_1",
                 .server_id = "mcp_1",
                 .client = "Tester",
                 .client_version = "1"},
          .kind = kind,
          .tool = tool,
          .resource = "things"};
}

// One that the journal's thread may read while it is set forward.
class SharedClock final : public Clock {
 public:
  WallTime now() const override {
    return std::chrono::sys_days(std::chrono::year(2026) / 11 / 22) + milliseconds(passed_);
  }
  MonotonicTime monotonic() const override { return MonotonicTime(milliseconds(passed_)); }
  void advance(milliseconds by) { passed_ += by.count(); }

 private:
  std::atomic<std::int64_t> passed_ = 0;
};

class Desk {
 public:
  explicit Desk(bool shared = false) : shared_(shared) {
    std::filesystem::create_directory(folder_);
    open();
    REQUIRE(repository->insert(store::EnvironmentRow{.id = "env_1", .name = "One"}));
    REQUIRE(repository->insert(store::EnvironmentRow{.id = "env_2", .name = "Two"}));
  }
  ~Desk() {
    close();
    std::filesystem::remove_all(folder_);
  }
  Desk(const Desk&) = delete;
  Desk& operator=(const Desk&) = delete;

  // What waits is written.
  void settle() {
    close();
    open();
  }
  // The process dies with what it has begun.
  void restart() { settle(); }

  void read(std::string_view tool, std::string_view environment = "env_1", Ending ending = {}) {
    const auto name = std::make_shared<const std::string>(tool);
    Event event = call_of(*name, environment);
    event.by.keeps = name;
    event.at = clock.now();
    journal->note(std::move(event), std::move(ending));
  }
  Go begin(std::string_view tool, std::string check = "Look.") {
    Event event = call_of(tool, "env_1", Kind::write);
    event.check = std::move(check);
    return std::get<Go>(journal->begin({.event = std::move(event)}).value());
  }
  void write(std::string_view tool, Ending ending = {}) {
    REQUIRE(journal->end(begin(tool), Unknown{}, std::move(ending)));
  }
  json::Value shown(std::string_view tool) {
    const auto page = read_log(*repository, {.tool = std::string(tool)}, {}, 10).value();
    REQUIRE(page.events.size() == 1);
    return view(page.events.front());
  }
  std::string tools(const LogQuery& query, std::size_t limit = 100) {
    std::string all;
    LogPosition after;
    while (true) {
      const auto page = read_log(*repository, query, after, limit).value();
      CHECK(page.events.size() <= limit);
      for (const auto& row : page.events) all += row.tool + " ";
      if (!page.next) return all;
      after = *page.next;
    }
  }
  void keep(std::string_view environment, const json::Object& settings) {
    auto row = repository->environment(environment).value().value();
    row.audit = settings;
    REQUIRE(repository->update(row));
  }
  // As somebody does who has the database and not the key.
  void remove(const std::string& calls_id) {
    sql("DELETE FROM audit_calls WHERE id = $1", store::Parameters().text(calls_id));
  }
  void alter(const store::CallsRow& row) {
    sql("UPDATE audit_calls SET count = $1, events = $2 WHERE id = $3",
        store::Parameters().integer(row.count).blob(row.events).text(row.id));
  }
  std::vector<Fault> faults() { return verify(*repository, *vault).value().faults; }

  SharedClock clock;
  std::shared_ptr<const vault::Vault> vault =
      vault::Vault::open(Secret(std::string(64, 'a'))).value();
  std::unique_ptr<store::Repository> repository;
  std::unique_ptr<Journal> journal;

 private:
  void sql(store::Sql text, const store::Parameters& parameters) {
    const auto connection = store::sqlite::Connection::open((folder_ / "audit.db").string());
    REQUIRE((*connection)->run(text, parameters).value().changed() == 1);
  }
  void open() {
    repository = store::open_sqlite((folder_ / "audit.db").string()).value();
    journal = std::make_unique<Journal>(
        *repository, vault, clock,
        JournalOptions{.shared = shared_, .longest_call = std::chrono::minutes(3)});
  }
  void close() {
    journal.reset();
    repository.reset();
  }

  const bool shared_;
  const std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / random_id("patchbay-audit");
};

}  // namespace patchbay::audit::testing
