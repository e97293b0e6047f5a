#include "store/everything.h"

#include <array>
#include <utility>

#include "store/database.h"
#include "store/revisions.h"

namespace patchbay::store {
namespace {

constexpr std::size_t kRowsAtOnce = 500;
constexpr std::size_t kIdsAtOnce = 10'000;

// What is changed where it is, since others belong to it.
struct Changing {
  Kind kind;
  Question update;
  std::size_t version;  // which of its columns
};
struct Statements {
  std::string_view name;
  Question after;
  Question ids;
  Question insert;
  Question remove;
  std::optional<Changing> changing;
  std::size_t columns;
};
// By Table.
constexpr std::array<Statements, kTables> kTableStatements{{
    {"revision",
     Question::revision,
     Question::revision,
     Question::take_revisions,
     Question::revision,
     {},
     1},
    {"environment", Question::environments_after, Question::environment_ids,
     Question::insert_environment, Question::delete_environment,
     Changing{Kind::environment, Question::update_environment, 4}, 6},
    {"api_token", Question::api_tokens_after, Question::api_token_ids, Question::insert_api_token,
     Question::delete_api_token, Changing{Kind::api_token, Question::update_api_token, 11}, 12},
    {"integrated_account", Question::accounts_after, Question::account_ids,
     Question::insert_account, Question::delete_account,
     Changing{Kind::account, Question::update_account, 13}, 14},
    {"mcp_server", Question::mcp_servers_after, Question::mcp_server_ids,
     Question::insert_mcp_server, Question::delete_mcp_server,
     Changing{Kind::mcp_server, Question::update_mcp_server, 11}, 18},
    {"mcp_server_use",
     Question::server_uses_after,
     Question::server_use_ids,
     Question::insert_server_use,
     Question::delete_server_use,
     {},
     13},
    {"account_grant",
     Question::account_grants_after,
     Question::account_grant_ids,
     Question::insert_account_grant,
     Question::delete_account_grant,
     {},
     6},
    {"approval",
     Question::approvals_after,
     Question::approval_ids,
     Question::insert_approval,
     Question::delete_approval,
     {},
     17},
    {"webhook",
     Question::webhooks_after,
     Question::webhook_ids,
     Question::insert_webhook,
     Question::delete_webhook,
     {},
     15},
    {"webhook_delivery",
     Question::webhook_deliveries_after,
     Question::webhook_delivery_ids,
     Question::insert_webhook_delivery,
     Question::delete_webhook_delivery,
     {},
     13},
    {"instance_secret",
     Question::secrets_after,
     Question::secret_names,
     Question::insert_secret,
     Question::delete_secret,
     {},
     2},
    {"integration_revision",
     Question::definitions_after,
     Question::definition_ids,
     Question::insert_definition,
     Question::delete_definition,
     {},
     11},
    {"audit_chain",
     Question::audit_chains_after,
     Question::audit_chain_ids,
     Question::insert_audit_chain,
     Question::delete_audit_chain,
     {},
     6},
    {"audit_event",
     Question::events_after,
     Question::event_ids,
     Question::insert_event,
     Question::delete_event,
     {},
     18},
    {"audit_calls",
     Question::calls_after,
     Question::calls_ids,
     Question::insert_calls,
     Question::delete_calls,
     {},
     8},
}};

const Statements& statements_of(Table table) {
  return kTableStatements[static_cast<std::size_t>(table)];
}

// Of the statements that read on by id.
Parameters reading_on(const std::optional<std::string>& id, std::size_t limit) {
  return Parameters()
      .text(id.value_or(""))
      .integer(id ? 0 : 1)
      .integer(static_cast<std::int64_t>(limit));
}

Result<std::vector<Record>> read_after(Session& session, Table table,
                                       const std::optional<std::string>& id, std::size_t limit) {
  const auto answer = session.run(statements_of(table).after, reading_on(id, limit));
  if (!answer) return std::unexpected(answer.error());
  std::vector<Record> records(answer->rows());
  for (std::size_t row = 0; row < answer->rows(); ++row) {
    records[row].table = table;
    for (std::size_t i = 0; i < answer->columns(); ++i) {
      records[row].cells.push_back(answer->at(row, i));
    }
  }
  return records;
}

// The first of those that begin with it.
Result<std::optional<Record>> read_row(Session& session, Table table, const std::string& id) {
  const auto answer =
      session.run(statements_of(table).after, Parameters().text(id).integer(1).integer(1));
  if (!answer) return std::unexpected(answer.error());
  if (answer->rows() == 0 || answer->at(0, 0).bytes != id) return std::nullopt;
  Record record{.table = table, .cells = {}};
  for (std::size_t i = 0; i < answer->columns(); ++i) record.cells.push_back(answer->at(0, i));
  return record;
}

Result<> read_table(Session& session, Table table, const VisitRecord& visit) {
  std::optional<std::string> last;
  while (true) {
    const auto records = read_after(session, table, last, kRowsAtOnce);
    if (!records) return std::unexpected(records.error());
    for (const Record& record : *records) {
      if (auto visited = visit(record); !visited) return visited;
    }
    if (records->size() < kRowsAtOnce) return {};
    last = records->back().id();
  }
}

std::unexpected<Error> not_empty() {
  return fail(ErrorCode::conflict, "The database is not empty.",
              "Name one that nothing was written to yet.");
}

Result<> check_empty(Session& session) {
  const auto revision = session.run(Question::revision, {});
  if (!revision) return std::unexpected(revision.error());
  if (revision->at(0, 0).integer != 0) return not_empty();
  for (std::size_t table = 1; table < kTables; ++table) {
    const auto any = read_after(session, static_cast<Table>(table), {}, 1);
    if (!any) return std::unexpected(any.error());
    if (!any->empty()) return not_empty();
  }
  return {};
}

// One more than was taken: no node that knew the database before takes this one for it.
Result<> write_revision(Session& session, std::int64_t revision) {
  const auto taken = session.run(Question::take_revisions, Parameters().integer(revision + 1));
  return taken ? Result<>() : std::unexpected(taken.error());
}

std::string say(Table table, const std::string& id) {
  return std::string(to_string(table)) + " " + id;
}

// As the statements take a row: the id last. New columns came behind those of older programs, and
// are null.
Parameters parameters_of(const Record& record) {
  Parameters parameters;
  for (std::size_t i = 1; i < record.cells.size(); ++i) parameters.cell(record.cells[i]);
  const std::size_t columns = statements_of(record.table).columns;
  for (std::size_t i = record.cells.size(); i < columns; ++i) parameters.cell({});
  parameters.cell(record.cells.front());
  return parameters;
}

std::unexpected<Error> cannot_be_written(Error error, Table table, const std::string& id) {
  if (error.code != ErrorCode::unavailable) {
    error.message = "The row " + say(table, id) + " cannot be written: " + error.message;
  }
  return std::unexpected(std::move(error));
}

Result<> run_for(Session& session, Question question, const Parameters& parameters, Table table,
                 const std::string& id) {
  const auto done = session.run(question, parameters);
  if (!done) return cannot_be_written(done.error(), table, id);
  if (done->changed() == 1) return {};
  return fail(ErrorCode::conflict, "The row " + say(table, id) + " is there twice.");
}

Result<> write_record(Session& session, const Record& record) {
  if (record.cells.empty()) return fail(ErrorCode::invalid_argument, "A row is empty.");
  if (record.table == Table::revision) {
    return write_revision(session, record.cells.front().integer);
  }
  return run_for(session, statements_of(record.table).insert, parameters_of(record), record.table,
                 record.id());
}

Result<> bring_row(Session& session, const Wanted& wanted) {
  const Statements& statements = statements_of(wanted.table);
  const auto there = read_row(session, wanted.table, wanted.id);
  if (!there) return std::unexpected(there.error());
  if (*there == wanted.record) return {};
  // With what it owns, which the other one lost with it.
  const bool in_place = *there && wanted.record && statements.changing;
  if (*there && !in_place) {
    const auto gone = session.run(statements.remove, Parameters().text(wanted.id));
    if (!gone) return std::unexpected(gone.error());
  }
  if (!wanted.record) return {};
  if (!in_place) return write_record(session, *wanted.record);
  return run_for(
      session, statements.changing->update,
      parameters_of(*wanted.record).integer((*there)->cells[statements.changing->version].integer),
      wanted.table, wanted.id);
}

class SqlEverything final : public Everything {
 public:
  explicit SqlEverything(Database& database) : database_(database) {}

  Result<> read(const VisitRecord& visit) override {
    return database_.read_one_moment([&](Session& session) -> Result<> {
      const auto revision = session.run(Question::revision, {});
      if (!revision) return std::unexpected(revision.error());
      if (auto visited = visit({.table = Table::revision, .cells = {revision->at(0, 0)}});
          !visited) {
        return visited;
      }
      for (std::size_t table = 1; table < kTables; ++table) {
        if (auto done = read_table(session, static_cast<Table>(table), visit); !done) return done;
      }
      return {};
    });
  }

  Result<> write(const std::function<Result<>(const VisitRecord&)>& records) override {
    return database_.change([&](Session& session) -> Result<> {
      if (auto locked = take_revisions(session, 0); !locked) {
        return std::unexpected(locked.error());
      }
      if (auto empty = check_empty(session); !empty) return empty;
      return records([&](const Record& record) { return write_record(session, record); });
    });
  }

  Result<std::vector<Record>> after(Table table, const std::optional<std::string>& id,
                                    std::size_t limit) override {
    Result<std::vector<Record>> records;
    const auto done = database_.read([&](Session& session) -> Result<> {
      records = read_after(session, table, id, limit);
      return records ? Result<>() : std::unexpected(records.error());
    });
    return done ? std::move(records) : std::unexpected(done.error());
  }

  Result<std::optional<Record>> row(Table table, const std::string& id) override {
    Result<std::optional<Record>> record;
    const auto done = database_.read([&](Session& session) -> Result<> {
      record = read_row(session, table, id);
      return record ? Result<>() : std::unexpected(record.error());
    });
    return done ? std::move(record) : std::unexpected(done.error());
  }

  // By their ids, some at a time: no statement takes as long as there are rows.
  Result<std::size_t> count(Table table) override {
    std::size_t all = 0;
    std::optional<std::string> last;
    while (true) {
      std::size_t some = 0;
      const auto done = database_.read([&](Session& session) -> Result<> {
        const auto ids = session.run(statements_of(table).ids, reading_on(last, kIdsAtOnce));
        if (!ids) return std::unexpected(ids.error());
        some = ids->rows();
        if (some > 0) last = ids->at(some - 1, 0).bytes;
        return {};
      });
      if (!done) return std::unexpected(done.error());
      all += some;
      if (some < kIdsAtOnce) return all;
    }
  }

  Result<std::optional<CopyState>> copy_state() override {
    std::optional<CopyState> state;
    const auto done = database_.read([&](Session& session) -> Result<> {
      state.reset();
      const auto answer = session.run(Question::copy_state, {});
      if (!answer) return std::unexpected(answer.error());
      if (answer->rows() == 0) return {};
      state = CopyState{.source = answer->at(0, 0).bytes,
                        .revision = answer->at(0, 1).integer,
                        .table = Table::environment,
                        .last = {},
                        .steps = answer->at(0, 4).integer};
      for (std::size_t table = 0; table < kTables; ++table) {
        if (kTableStatements[table].name == answer->at(0, 2).bytes) {
          state->table = static_cast<Table>(table);
        }
      }
      if (answer->at(0, 3).type != Cell::Type::null) state->last = answer->at(0, 3).bytes;
      return {};
    });
    if (!done) return std::unexpected(done.error());
    return state;
  }

  Result<> begin_copy(const CopyState& state) override {
    return database_.change([&](Session& session) -> Result<> {
      if (auto locked = take_revisions(session, 0); !locked) {
        return std::unexpected(locked.error());
      }
      if (auto empty = check_empty(session); !empty) return empty;
      const auto begun = session.run(
          Question::begin_copy,
          Parameters().text(state.source).integer(state.revision).text(to_string(state.table)));
      if (begun) return {};
      return begun.error().code == ErrorCode::conflict ? Result<>(another_process())
                                                       : std::unexpected(begun.error());
    });
  }

  Result<> append(CopyState& state, const std::vector<Record>& records) override {
    return step(state, [&](Session& session) -> Result<> {
      for (const Record& record : records) {
        if (auto written = write_record(session, record); !written) return written;
      }
      return {};
    });
  }

  Result<> bring(CopyState& state, const std::vector<Wanted>& rows) override {
    return step(state, [&](Session& session) -> Result<> {
      for (const Wanted& wanted : rows) {
        if (auto brought = bring_row(session, wanted); !brought) return brought;
      }
      return {};
    });
  }

  Result<> end_copy(const CopyState& state) override {
    return database_.change([&](Session& session) -> Result<> {
      if (auto written = write_revision(session, state.revision); !written) return written;
      const auto ended = session.run(Question::end_copy, Parameters().integer(state.steps));
      if (!ended) return std::unexpected(ended.error());
      return ended->changed() == 1 ? Result<>() : another_process();
    });
  }

 private:
  static std::unexpected<Error> another_process() {
    return fail(ErrorCode::conflict, "Another process copies into this database.",
                "Let it come to its end.");
  }

  // Of two processes at the same copy one finds that its step was taken.
  Result<> step(CopyState& state, const Work& work) {
    auto done = database_.change([&](Session& session) -> Result<> {
      if (auto locked = take_revisions(session, 0); !locked) {
        return std::unexpected(locked.error());
      }
      Parameters parameters;
      parameters.integer(state.revision).text(to_string(state.table));
      const auto noted = session.run(Question::note_copy,
                                     state.last ? parameters.text(*state.last).integer(state.steps)
                                                : parameters.cell({}).integer(state.steps));
      if (!noted) return cannot_be_written(noted.error(), state.table, state.last.value_or(""));
      return noted->changed() == 1 ? work(session) : another_process();
    });
    if (done) ++state.steps;
    return done;
  }

  Database& database_;
};

}  // namespace

std::string_view to_string(Table table) {
  return statements_of(table).name;
}

std::optional<Table> table_of(Kind kind) {
  for (std::size_t table = 0; table < kTables; ++table) {
    const auto& changing = kTableStatements[table].changing;
    if (changing && changing->kind == kind) return static_cast<Table>(table);
  }
  return std::nullopt;
}

bool has_revisions(Table table) {
  return statements_of(table).changing.has_value();
}

std::unique_ptr<Everything> make_everything(Database& database) {
  return std::make_unique<SqlEverything>(database);
}

}  // namespace patchbay::store
