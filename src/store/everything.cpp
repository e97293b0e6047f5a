#include "store/everything.h"

#include <array>
#include <cstddef>
#include <limits>
#include <string>

#include "store/database.h"
#include "store/revisions.h"

namespace patchbay::store {
namespace {

constexpr std::int64_t kRowsAtOnce = 500;

struct Statements {
  std::string_view name;
  Question after;
  Question insert;
};
// By Table.
constexpr std::array<Statements, kTables> kStatements{{
    {"revision", Question::revision, Question::take_revisions},
    {"environment", Question::environments_after, Question::insert_environment},
    {"api_token", Question::api_tokens_after, Question::insert_api_token},
    {"integrated_account", Question::accounts_after, Question::insert_account},
    {"mcp_server", Question::mcp_servers_after, Question::insert_mcp_server},
    {"write_journal", Question::writes_after, Question::insert_write},
    {"approval", Question::approvals_after, Question::insert_approval},
    {"instance_secret", Question::secrets_after, Question::insert_secret},
}};

Result<> read_table(Session& session, Table table, const VisitRecord& visit) {
  const Question after = kStatements[static_cast<std::size_t>(table)].after;
  std::string last;
  while (true) {
    const auto answer = session.run(after, Parameters().text(last).integer(kRowsAtOnce));
    if (!answer) return std::unexpected(answer.error());
    if (answer->rows() == 0) return {};
    for (std::size_t row = 0; row < answer->rows(); ++row) {
      Record record{.table = table, .cells = {}};
      for (std::size_t i = 0; i < answer->columns(); ++i)
        record.cells.push_back(answer->at(row, i));
      last = record.cells.front().bytes;
      if (auto visited = visit(record); !visited) return visited;
    }
  }
}

Result<> check_empty(Session& session) {
  for (std::size_t table = 0; table < kTables; ++table) {
    const bool is_revision = table == static_cast<std::size_t>(Table::revision);
    const auto answer = session.run(kStatements[table].after,
                                    is_revision ? Parameters() : Parameters().text("").integer(1));
    if (!answer) return std::unexpected(answer.error());
    if (is_revision ? answer->at(0, 0).integer == 0 : answer->rows() == 0) continue;
    return fail(ErrorCode::conflict, "The database is not empty.",
                "Name one that nothing was written to yet.");
  }
  return {};
}

Result<> write_record(Session& session, const Record& record) {
  const Question insert = kStatements[static_cast<std::size_t>(record.table)].insert;
  if (record.cells.empty()) return fail(ErrorCode::invalid_argument, "A row is empty.");
  // One more than was taken: no node that knew the database before takes this one for it.
  if (record.table == Table::revision) {
    const auto taken = session.run(insert, Parameters().integer(record.cells.front().integer + 1));
    return taken ? Result<>() : std::unexpected(taken.error());
  }
  // Statements take the id last.
  Parameters parameters;
  for (std::size_t i = 1; i < record.cells.size(); ++i) parameters.cell(record.cells[i]);
  parameters.cell(record.cells.front());
  const auto inserted = session.run(insert, parameters);
  if (!inserted) return std::unexpected(inserted.error());
  if (inserted->changed() == 1) return {};
  return fail(ErrorCode::conflict, "The row " + record.cells.front().bytes + " is there twice.");
}

}  // namespace

std::string_view to_string(Table table) {
  return kStatements[static_cast<std::size_t>(table)].name;
}

Result<> read_everything_of(Database& database, const VisitRecord& visit) {
  return database.read_one_moment([&](Session& session) -> Result<> {
    const auto revision = session.run(Question::revision, {});
    if (!revision) return std::unexpected(revision.error());
    if (auto visited = visit({.table = Table::revision, .cells = {revision->at(0, 0)}}); !visited) {
      return visited;
    }
    for (std::size_t table = 1; table < kTables; ++table) {
      if (auto read = read_table(session, static_cast<Table>(table), visit); !read) return read;
    }
    return {};
  });
}

Result<> write_everything_to(Database& database,
                             const std::function<Result<>(const VisitRecord&)>& records) {
  return database.change([&](Session& session) -> Result<> {
    if (auto locked = take_revisions(session, 0); !locked) return std::unexpected(locked.error());
    if (auto empty = check_empty(session); !empty) return empty;
    return records([&](const Record& record) { return write_record(session, record); });
  });
}

}  // namespace patchbay::store
