#include "store/deletions.h"

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <utility>

#include "store/changes.h"
#include "store/revisions.h"

namespace patchbay::store {
namespace {

// So many rows are gone in a moment.
constexpr std::int64_t kFew = 500;

Result<> run_all(Session& session, std::initializer_list<Question> questions, std::string_view id) {
  for (const Question question : questions) {
    if (auto done = session.run(question, Parameters().text(id)); !done) {
      return std::unexpected(std::move(done.error()));
    }
  }
  return {};
}

Result<bool> owns_few(Session& session, std::initializer_list<Question> owned,
                      std::string_view id) {
  for (const Question question : owned) {
    const auto some = session.run(question, Parameters().text(id).integer(kFew + 1));
    if (!some) return std::unexpected(some.error());
    if (some->rows() > static_cast<std::size_t>(kFew)) return false;
  }
  return true;
}

struct Owner {
  Kind kind;
  std::initializer_list<Question> owned;  // some of what it owns, of each kind that may be many
  Question remove;
  Question mark;                         // makes it unfindable
  std::initializer_list<Question> then;  // and what of its own would still be found
};

Result<> delete_owner(Database& database, const Owner& owner, std::string_view id) {
  return database.change([&](Session& session) -> Result<> {
    const auto before = take_revisions(session, 1);
    if (!before) return std::unexpected(before.error());
    const auto few = owns_few(session, owner.owned, id);
    if (!few) return std::unexpected(few.error());
    const auto gone = session.run(*few ? owner.remove : owner.mark, Parameters().text(id));
    if (!gone) return std::unexpected(gone.error());
    if (gone->changed() == 0) return fail(ErrorCode::not_found, "There is no such record.");
    if (!*few) {
      if (auto done = run_all(session, owner.then, id); !done) return done;
    }
    return note_changes(session, *before, owner.kind, true, {std::string(id)});
  });
}

Result<std::optional<std::string>> first(Session& session, Question question) {
  const auto answer = session.run(question, {});
  if (!answer) return std::unexpected(answer.error());
  if (answer->rows() == 0) return std::nullopt;
  return answer->at(0, 0).bytes;
}

}  // namespace

Result<> delete_account_from(Database& database, std::string_view id) {
  return delete_owner(database,
                      {.kind = Kind::account,
                       .owned = {Question::some_mcp_servers_of_account},
                       .remove = Question::delete_account,
                       .mark = Question::mark_account,
                       .then = {}},
                      id);
}

Result<> delete_environment_from(Database& database, std::string_view id) {
  // Servers of accounts that are gone are not found; tokens stand for themselves.
  return delete_owner(
      database,
      {.kind = Kind::environment,
       .owned = {Question::some_mcp_servers_of_environment, Question::some_accounts_of_environment,
                 Question::some_api_tokens_of_environment},
       .remove = Question::delete_environment,
       .mark = Question::mark_environment,
       .then = {Question::mark_accounts_of_environment, Question::delete_api_tokens_of_environment,
                Question::delete_webhooks_of_environment}},
      id);
}

Result<bool> delete_remains(Database& database, std::size_t limit) {
  std::optional<std::string> account;
  std::optional<std::string> environment;
  // Mostly there is nothing, which costs no commit.
  const auto looked = database.read([&](Session& session) -> Result<> {
    auto found = first(session, Question::marked_account);
    if (!found) return std::unexpected(std::move(found.error()));
    account = std::move(*found);
    found = first(session, Question::marked_environment);
    if (!found) return std::unexpected(std::move(found.error()));
    environment = std::move(*found);
    return {};
  });
  if (!looked) return std::unexpected(looked.error());
  if (!account && !environment) return false;
  const auto done = database.change([&](Session& session) -> Result<> {
    if (auto locked = take_revisions(session, 0); !locked) return std::unexpected(locked.error());
    if (!account) return run_all(session, {Question::delete_environment}, *environment);
    const auto gone =
        session.run(Question::delete_some_mcp_servers,
                    Parameters().text(*account).integer(static_cast<std::int64_t>(limit)));
    if (!gone) return std::unexpected(gone.error());
    if (gone->changed() == static_cast<std::int64_t>(limit)) return {};
    return run_all(session, {Question::delete_account}, *account);
  });
  if (!done) return std::unexpected(done.error());
  return true;
}

}  // namespace patchbay::store
