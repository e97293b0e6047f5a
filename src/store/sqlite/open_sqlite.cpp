#include "store/sqlite/open_sqlite.h"

#include <cstddef>
#include <utility>

#include "base/mutex.h"
#include "store/database.h"
#include "store/sql_repository.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/schema.h"

namespace patchbay::store {
namespace {

class SqliteSession final : public Session {
 public:
  explicit SqliteSession(sqlite::Connection& connection) : connection_(connection) {}
  Result<Answer> run(Question question, const Parameters& parameters) override {
    return connection_.run(statements()[static_cast<std::size_t>(question)].sqlite, parameters);
  }

 private:
  sqlite::Connection& connection_;
};

// What is not committed when it goes is undone: of work that failed, of a commit that did, and
// however else the transaction is left.
class Undo {
 public:
  // Also what one before could not undo.
  explicit Undo(sqlite::Connection& connection) : connection_(connection) {
    connection_.roll_back();
  }
  ~Undo() { connection_.roll_back(); }
  Undo(const Undo&) = delete;
  Undo& operator=(const Undo&) = delete;

 private:
  sqlite::Connection& connection_;
};

// Two connections, each under a mutex of its own: a commit waits for the disk (0.15 ms, on some
// disks 10), and the first call to a server, which is read then, must not wait for it with it. In
// WAL mode a reader sees what was committed last and is held up by nobody. One reader is enough: a
// look-up takes microseconds, and SQLite's own locks let a second one add little.
class SqliteDatabase final : public Database {
 public:
  // `reader` null: all is done by the writer (a database in memory has one connection).
  SqliteDatabase(std::string path, std::unique_ptr<sqlite::Connection> writer,
                 std::unique_ptr<sqlite::Connection> reader)
      : path_(std::move(path)), writer_(std::move(writer)), reader_(std::move(reader)) {}

  Result<> read(const Work& work) override {
    if (!reads_apart()) {
      const MutexLock lock(writing_);
      SqliteSession session(*writer_);
      return done_by(work, session);
    }
    const MutexLock lock(reading_);
    SqliteSession session(*reader_);
    return done_by(work, session);
  }

  Result<> change(const Work& work) override {
    const MutexLock lock(writing_);
    const Undo undo(*writer_);
    if (auto begun = writer_->execute("BEGIN IMMEDIATE;"); !begun) return begun;
    SqliteSession session(*writer_);
    auto done = done_by(work, session);
    if (done) done = writer_->execute("COMMIT;");
    return done;
  }

  // On a connection of its own: it may take minutes, and nobody is to wait for it.
  Result<> read_one_moment(const Work& work) override {
    if (!reads_apart()) {
      const MutexLock lock(writing_);
      SqliteSession session(*writer_);
      return done_by(work, session);
    }
    const auto connection = sqlite::Connection::open_for_reading(path_);
    if (!connection) return std::unexpected(connection.error());
    if (auto begun = (*connection)->execute("BEGIN;"); !begun) return begun;
    SqliteSession session(**connection);
    return done_by(work, session);
  }

  std::unique_ptr<ChangeFeed> feed() override { return nullptr; }

 private:
  bool reads_apart() const { return reader_ != nullptr; }

  const std::string path_;
  Mutex writing_;
  const std::unique_ptr<sqlite::Connection> writer_ PATCHBAY_PT_GUARDED_BY(writing_);
  Mutex reading_;
  const std::unique_ptr<sqlite::Connection> reader_ PATCHBAY_PT_GUARDED_BY(reading_);
};

}  // namespace

Result<std::unique_ptr<Repository>> open_sqlite(const std::string& path, Tables tables) {
  // Before the writer makes a file, or turns that of another program to a WAL.
  if (!makes(tables)) {
    const auto looker = sqlite::Connection::open_for_reading(path);
    if (!looker) return std::unexpected(looker.error());
    if (auto fit = sqlite::check_tables(**looker, tables); !fit) {
      return std::unexpected(fit.error());
    }
  }
  auto writer = sqlite::Connection::open(path);
  if (!writer) return std::unexpected(writer.error());
  if (auto migrated = sqlite::migrate(**writer); !migrated) {
    return std::unexpected(migrated.error());
  }
  std::unique_ptr<sqlite::Connection> reader;
  if (path != ":memory:") {
    auto opened = sqlite::Connection::open_for_reading(path);
    if (!opened) return std::unexpected(opened.error());
    reader = std::move(*opened);
  }
  return open_repository(
      std::make_unique<SqliteDatabase>(path, std::move(*writer), std::move(reader)), tables);
}

}  // namespace patchbay::store
