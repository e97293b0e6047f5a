// What the repository needs of a database: statements of the table (statements.h) within a
// transaction. The two databases implement it; rules of the store stand above it, once
// (sql_repository.cpp).
//
// Revisions become visible in order. A number that a transaction takes before it commits (a
// sequence) may be seen after a later one: whoever has read up to the later one would never ask for
// it. So the revision is a row that a change updates first (Question::take_revisions) and holds
// until it commits: the next change waits for it. It is also the first lock of every change, so
// that two changes cannot wait for each other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "store/cell.h"
#include "store/changes.h"
#include "store/statements.h"

namespace patchbay::store {

// In the order of the statement's $1, $2, …
class Parameters {
 public:
  Parameters& text(std::string_view value);
  Parameters& blob(std::string_view value);
  Parameters& integer(std::int64_t value);
  Parameters& optional_integer(std::optional<std::int64_t> value);
  Parameters& null_if_empty(std::string_view value);
  Parameters& cell(Cell value);

  const std::vector<Cell>& cells() const { return cells_; }

 private:
  std::vector<Cell> cells_;
};

// The rows that a statement gave.
class Answer {
 public:
  Answer() = default;
  // `changed`: how many rows it inserted, updated or deleted.
  Answer(std::vector<Cell> cells, std::size_t columns, std::int64_t changed)
      : cells_(std::move(cells)), columns_(columns), changed_(changed) {}

  std::size_t rows() const { return columns_ == 0 ? 0 : cells_.size() / columns_; }
  const Cell& at(std::size_t row, std::size_t column) const {
    return cells_[row * columns_ + column];
  }
  std::size_t columns() const { return columns_; }
  std::int64_t changed() const { return changed_; }

 private:
  std::vector<Cell> cells_;
  std::size_t columns_ = 0;
  std::int64_t changed_ = 0;
};

class Session {
 public:
  virtual ~Session() = default;
  // Errors: conflict (a unique index), not_found (a foreign key), unavailable (anything else).
  virtual Result<Answer> run(Question question, const Parameters& parameters) = 0;
};

using Work = std::function<Result<>(Session&)>;
// What `work` gives. Want of memory in it is an error like others (unavailable), so that a
// transaction ends by one way.
Result<> done_by(const Work& work, Session& session);

class Database {
 public:
  virtual ~Database() = default;
  // Each statement sees what is committed when it begins. `work` may be called again from its
  // start.
  virtual Result<> read(const Work& work) = 0;
  // `work` in one transaction, which commits unless it fails; then nothing of it stays. It may be
  // called again from its start, and does no more than run statements and assign what they gave.
  virtual Result<> change(const Work& work) = 0;
  // All statements of `work` see the state of one moment, and hold up no change.
  virtual Result<> read_one_moment(const Work& work) = 0;
  virtual std::unique_ptr<ChangeFeed> feed() = 0;
};

}  // namespace patchbay::store
