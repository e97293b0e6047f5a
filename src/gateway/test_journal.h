// For tests: the journal of writes over a real database, with a clock that can be set forward.
#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <string>

#include <doctest/doctest.h>

#include "audit/journal.h"
#include "base/random.h"
#include "gateway/test_harness.h"
#include "store/repository.h"
#include "store/sqlite/open_sqlite.h"

namespace patchbay::gateway {

class Later final : public Clock {
 public:
  WallTime now() const override { return day_.now() + std::chrono::milliseconds(by.milliseconds); }
  MonotonicTime monotonic() const override { return day_.monotonic(); }
  // The journal's thread reads it.
  struct Offset {
    void operator+=(std::chrono::milliseconds more) { milliseconds += more.count(); }
    std::atomic<std::int64_t> milliseconds = 0;
  } by;

 private:
  TestDay day_;
};

// The journal over a real database.
struct Journals {
  Journals() {
    std::filesystem::create_directory(folder);
    repository = store::open_sqlite((folder / "journal.db").string()).value();
    journal = std::make_shared<audit::Journal>(
        *repository, vault::Vault::open(Secret(std::string(64, 'a'))).value(), clock);
  }
  ~Journals() {
    journal.reset();
    repository.reset();
    std::filesystem::remove_all(folder);
  }
  Journals(const Journals&) = delete;
  Journals& operator=(const Journals&) = delete;

  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / random_id("patchbay-verdicts");
  Later clock;
  std::unique_ptr<store::Repository> repository;
  std::shared_ptr<audit::Journal> journal;
};

}  // namespace patchbay::gateway
