#include "store/postgres/connection.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <libpq-fe.h>
#include <poll.h>

namespace patchbay::store::postgres {
namespace {

// Longer than the server's own limit, so that its word comes first.
constexpr std::chrono::seconds kGrace{1};
// A node that is frozen in the middle of a change holds the lock of all changes; the server takes
// it back after this long.
constexpr std::string_view kIdleInTransactionMs = "5000";

// Types of columns, as numbered in pg_type.
constexpr Oid kInt8 = 20;
constexpr Oid kInt4 = 23;
constexpr Oid kBytes = 17;

std::int64_t read_big_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char byte : bytes) value = value << 8 | static_cast<std::uint8_t>(byte);
  // A shorter one keeps its sign.
  const int unused = 64 - 8 * static_cast<int>(bytes.size());
  return static_cast<std::int64_t>(value << unused) >> unused;
}

Cell read_cell(const PGresult* result, int row, int column) {
  Cell cell;
  if (PQgetisnull(result, row, column) != 0) return cell;
  const std::string_view bytes(PQgetvalue(result, row, column),
                               static_cast<std::size_t>(PQgetlength(result, row, column)));
  const Oid type = PQftype(result, column);
  if ((type == kInt8 || type == kInt4) && PQfformat(result, column) == 1) {
    cell.type = Cell::Type::integer;
    cell.integer = read_big_endian(bytes);
    return cell;
  }
  cell.type = type == kBytes ? Cell::Type::blob : Cell::Type::text;
  cell.bytes = bytes;
  return cell;
}

std::string first_line(std::string_view text) {
  return std::string(text.substr(0, text.find('\n')));
}

// Classes of errors whose messages speak of the server, and quote no values.
bool tells_of_the_server(std::string_view state) {
  constexpr std::string_view kClasses[] = {"08", "25", "28", "3D", "40", "42",
                                           "53", "55", "57", "58", "XX"};
  return std::ranges::find(kClasses, state.substr(0, 2)) != std::end(kClasses);
}

// The server ends the session, or is no longer the one that takes changes.
bool ends_the_session(std::string_view state) {
  return state.starts_with("08") || state.starts_with("57P") || state == "25006" ||
         state == "25P03";
}

// For who looks after the database: its own sentence, where that quotes nothing of what is stored,
// and what it is about.
std::string detail_of(const PGresult* result, std::string_view state) {
  const auto field = [&](int code) {
    const char* const text = PQresultErrorField(result, code);
    return text == nullptr ? std::string() : first_line(text);
  };
  std::string detail;
  if (tells_of_the_server(state)) detail = field(PG_DIAG_MESSAGE_PRIMARY);
  constexpr std::array kSubjects{int{PG_DIAG_TABLE_NAME}, int{PG_DIAG_CONSTRAINT_NAME}};
  for (const int code : kSubjects) {
    if (!detail.empty()) break;
    detail = field(code);
  }
  return detail + (detail.empty() ? "" : " ") + "(" + std::string(state) + ")";
}

// In our words, which are all that callers get.
Error error_of(std::string_view state) {
  if (state == "23505") return {ErrorCode::conflict, "There is one with this name already.", {}};
  if (state == "23503") return {ErrorCode::not_found, "What it belongs to does not exist.", {}};
  if (state == "22021" || state == "22P05") {
    return {ErrorCode::invalid_argument, "The text has characters that cannot be stored.", {}};
  }
  return {ErrorCode::unavailable,
          state == "57014" ? "The database took too long." : "The database failed.",
          "Try again. The log of Patchbay says why."};
}

}  // namespace

void Connection::Freed::operator()(pg_result* result) const {
  PQclear(result);
}

Result<std::unique_ptr<Connection>> Connection::open(const Address& address,
                                                     std::chrono::milliseconds statement_timeout,
                                                     Tell tell) {
  std::vector<const char*> keywords;
  std::vector<const char*> values;
  for (const auto& [keyword, value] : address.settings()) {
    keywords.push_back(keyword.c_str());
    values.push_back(value.reveal().data());  // a string's, so it ends with a zero
  }
  keywords.push_back(nullptr);
  values.push_back(nullptr);
  std::unique_ptr<Connection> connection(
      new Connection(PQconnectdbParams(keywords.data(), values.data(), 0),
                     statement_timeout + kGrace, std::move(tell)));
  if (PQstatus(connection->handle_) != CONNECTION_OK) {
    return fail(ErrorCode::unavailable,
                "The database cannot be reached: " +
                    address.without_secrets(first_line(PQerrorMessage(connection->handle_))) + ".",
                "Check the database's URL, and that its server runs and lets this host in.");
  }
  // Else warnings go to the standard error.
  PQsetNoticeProcessor(connection->handle_, [](void*, const char*) {}, nullptr);
  if (auto ready = connection->prepare_session(statement_timeout); !ready) {
    return std::unexpected(ready.error());
  }
  return connection;
}

Connection::~Connection() {
  PQfinish(handle_);
}

// What a role or database may have set otherwise. A commit that has returned is on the disk; where
// the server is set to wait for standbys as well, that stays.
Result<> Connection::prepare_session(std::chrono::milliseconds statement_timeout) {
  const auto set =
      run("SELECT set_config('search_path', 'patchbay, pg_temp', false),"
          " set_config('statement_timeout', $1, false),"
          " set_config('idle_in_transaction_session_timeout', $2, false),"
          " set_config('default_transaction_isolation', 'read committed', false),"
          " set_config('synchronous_commit', CASE current_setting('synchronous_commit')"
          "   WHEN 'off' THEN 'on' ELSE current_setting('synchronous_commit') END, false)",
          Parameters().text(std::to_string(statement_timeout.count())).text(kIdleInTransactionMs));
  if (!set) return std::unexpected(set.error());
  return {};
}

Result<Answer> Connection::run(Question question, const Parameters& parameters) {
  const auto index = static_cast<std::size_t>(question);
  const std::string name = "q" + std::to_string(index);
  if (!prepared_[index]) {
    // A literal: it ends with a zero.
    const char* const sql = statements()[index].postgres.text().data();
    if (lost_ || PQsendPrepare(handle_, name.c_str(), sql, 0, nullptr) == 0) return lost();
    if (auto done = read(last_outcome()); !done) return done;
    prepared_.set(index);
  }
  return run_prepared(name.c_str(), parameters);
}

Result<Answer> Connection::run(Sql sql, const Parameters& parameters) {
  // The statement without a name is replaced by the next one.
  if (lost_ || PQsendPrepare(handle_, "", sql.text().data(), 0, nullptr) == 0) return lost();
  if (auto done = read(last_outcome()); !done) return done;
  return run_prepared("", parameters);
}

Result<Answer> Connection::run_prepared(const char* name, const Parameters& parameters) {
  std::vector<std::string> numbers(parameters.cells().size());
  std::vector<const char*> values;
  std::vector<int> lengths;
  std::vector<int> formats;  // 0 text, 1 bytes
  for (std::size_t i = 0; i < parameters.cells().size(); ++i) {
    const Cell& cell = parameters.cells()[i];
    const std::string* bytes = &cell.bytes;
    if (cell.type == Cell::Type::integer) {
      numbers[i] = std::to_string(cell.integer);
      bytes = &numbers[i];
    }
    values.push_back(cell.type == Cell::Type::null ? nullptr : bytes->c_str());
    lengths.push_back(static_cast<int>(bytes->size()));
    // As bytes also text: one with a zero in it is then refused and not cut.
    formats.push_back(cell.type == Cell::Type::integer ? 0 : 1);
  }
  if (lost_ || PQsendQueryPrepared(handle_, name, static_cast<int>(values.size()), values.data(),
                                   lengths.data(), formats.data(), 1) == 0) {
    return lost();
  }
  return read(last_outcome());
}

Result<Answer> Connection::execute(Sql script) {
  if (lost_ || PQsendQuery(handle_, script.text().data()) == 0) return lost();
  return read(last_outcome());
}

Result<> Connection::commit() {
  if (lost_ || PQsendQuery(handle_, "COMMIT") == 0) return lost();
  const Outcome outcome = last_outcome();
  if (auto done = read(outcome); !done) return std::unexpected(std::move(done.error()));
  if (std::string_view(PQcmdStatus(outcome.get())) == "COMMIT") return {};
  return fail(ErrorCode::internal, "A change went on after a statement of it had failed.");
}

bool Connection::wait_readable(std::chrono::steady_clock::time_point until) {
  while (true) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    pollfd descriptor{.fd = PQsocket(handle_), .events = POLLIN, .revents = 0};
    const int ready =
        ::poll(&descriptor, 1, static_cast<int>(std::max<std::int64_t>(left.count(), 0)));
    if (ready >= 0 || errno != EINTR) return ready > 0;
  }
}

Connection::Outcome Connection::last_outcome() {
  const auto until = std::chrono::steady_clock::now() + patience_;
  Outcome last;
  while (true) {
    while (PQisBusy(handle_) != 0) {
      if (!wait_readable(until) || PQconsumeInput(handle_) == 0) {
        lost_ = true;
        return nullptr;
      }
    }
    Outcome next(PQgetResult(handle_));
    if (!next) return last;
    // Of several statements, the first that failed ends them all, and is the last to come.
    last = std::move(next);
  }
}

Result<Answer> Connection::read(const Outcome& outcome) {
  last_state_.clear();
  if (PQstatus(handle_) != CONNECTION_OK) lost_ = true;
  const ExecStatusType status = outcome ? PQresultStatus(outcome.get()) : PGRES_FATAL_ERROR;
  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) {
    std::vector<Cell> cells;
    const int columns = PQnfields(outcome.get());
    for (int row = 0; row < PQntuples(outcome.get()); ++row) {
      for (int column = 0; column < columns; ++column) {
        cells.push_back(read_cell(outcome.get(), row, column));
      }
    }
    const std::string_view changed(PQcmdTuples(outcome.get()));
    std::int64_t count = 0;
    for (const char digit : changed) count = count * 10 + (digit - '0');
    return Answer(std::move(cells), static_cast<std::size_t>(columns), count);
  }
  const char* const state = outcome ? PQresultErrorField(outcome.get(), PG_DIAG_SQLSTATE) : nullptr;
  if (state != nullptr) last_state_ = state;
  if (last_state_.empty() || ends_the_session(last_state_)) lost_ = true;
  if (last_state_.empty()) return lost();
  Error error = error_of(last_state_);
  if (error.code == ErrorCode::unavailable) {
    const std::string detail = detail_of(outcome.get(), last_state_);
    if (tell_) {
      tell_(detail);
    } else {
      error.message.back() = ':';
      error.message += " " + detail + ".";
      error.hint = "Look into the log of the database.";
    }
  }
  return std::unexpected(std::move(error));
}

std::unexpected<Error> Connection::lost() {
  lost_ = true;
  return fail(ErrorCode::unavailable, "The connection to the database was lost.", "Try again.");
}

bool Connection::is_in_transaction() const {
  return PQtransactionStatus(handle_) != PQTRANS_IDLE;
}

bool Connection::is_in_conflict() const {
  return last_state_ == "40001" || last_state_ == "40P01";
}

bool Connection::wait_for_notification(std::chrono::steady_clock::time_point until) {
  bool came = false;
  while (true) {
    if (PQconsumeInput(handle_) == 0 || PQstatus(handle_) != CONNECTION_OK) {
      lost_ = true;
      return false;
    }
    while (PGnotify* const notification = PQnotifies(handle_)) {
      came = true;
      PQfreemem(notification);
    }
    if (came || !wait_readable(until)) return came;
  }
}

}  // namespace patchbay::store::postgres
