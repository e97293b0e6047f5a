#include "store/approval_questions.h"

#include <limits>
#include <utility>

#include "store/rows.h"

namespace patchbay::store {
namespace {

Result<std::vector<ApprovalRow>> read_approvals(Database& database, Question question,
                                                const Parameters& parameters) {
  Answer answer;
  const auto read = database.read([&](Session& session) -> Result<> {
    auto given = session.run(question, parameters);
    if (!given) return std::unexpected(std::move(given.error()));
    answer = std::move(*given);
    return {};
  });
  if (!read) return std::unexpected(read.error());
  std::vector<ApprovalRow> rows;
  for (std::size_t i = 0; i < answer.rows(); ++i) {
    auto row = read_row<ApprovalRow>(answer, i);
    if (!row) return std::unexpected(std::move(row.error()));
    rows.push_back(std::move(*row));
  }
  return rows;
}

}  // namespace

Result<> insert_approval(Database& database, ApprovalRow& row, Telling telling,
                         const std::optional<Message>& told) {
  auto done = database.change([&](Session& session) -> Result<> {
    telling.begin();
    const auto inserted = session.run(Question::insert_approval, parameters_of(row, 1));
    return inserted ? telling.put(session, told) : std::unexpected(inserted.error());
  });
  if (!done) return done;
  row.version = 1;
  telling.committed();
  return done;
}

Result<std::optional<ApprovalRow>> find_approval_of_call(Database& database,
                                                         std::string_view server_id,
                                                         std::string_view digest) {
  for (const Question question :
       {Question::approval_under_way_of_call, Question::approval_of_call}) {
    auto rows = read_approvals(database, question, Parameters().text(server_id).text(digest));
    if (!rows) return std::unexpected(std::move(rows.error()));
    if (!rows->empty()) return std::optional(std::move(rows->front()));
  }
  return std::nullopt;
}

Result<> update_approval(Database& database, ApprovalRow& row) {
  const std::int64_t next = row.version + 1;
  auto done = database.change([&](Session& session) -> Result<> {
    const auto updated =
        session.run(Question::update_approval, parameters_of(row, next).integer(row.version));
    if (!updated) return std::unexpected(updated.error());
    if (updated->changed() > 0) return {};
    const auto present = session.run(Question::approval, Parameters().text(row.id));
    if (!present) return std::unexpected(present.error());
    if (present->rows() == 0) return fail(ErrorCode::not_found, "There is no such record.");
    return fail(ErrorCode::conflict, "It was changed by somebody else meanwhile.",
                "Read it again, then repeat the change.");
  });
  if (done) row.version = next;
  return done;
}

// What fewest rows have in common leads; the others are looked at in the rows that it finds.
Result<std::vector<ApprovalRow>> list_approvals(Database& database, const ApprovalFilter& filter,
                                                const Page& page) {
  Parameters parameters;
  Question question = Question::approvals;
  if (!filter.server_id.empty()) {
    question = Question::approvals_of_server;
    parameters.text(filter.server_id);
  } else if (!filter.account_id.empty()) {
    question = Question::approvals_of_account;
    parameters.text(filter.account_id);
  } else if (!filter.environment_id.empty()) {
    question = Question::approvals_of_environment;
    parameters.text(filter.environment_id);
  }
  parameters
      .integer(page.after ? to_millis(page.after->created_at)
                          : std::numeric_limits<std::int64_t>::max())
      .text(page.after ? page.after->id : "")
      .text(filter.state)
      .text(filter.environment_id)
      .text(filter.account_id)
      .integer(to_limit(page.limit));
  return read_approvals(database, question, parameters);
}

Result<std::int64_t> delete_old_approvals(Database& database, WallTime made_by, std::size_t limit) {
  std::int64_t gone = 0;
  auto done = database.change([&](Session& session) -> Result<> {
    const auto deleted =
        session.run(Question::delete_old_approvals,
                    Parameters().integer(to_millis(made_by)).integer(to_limit(limit)));
    if (!deleted) return std::unexpected(deleted.error());
    gone = deleted->changed();
    return {};
  });
  if (!done) return std::unexpected(std::move(done.error()));
  return gone;
}

}  // namespace patchbay::store
