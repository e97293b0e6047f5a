#include "store/sign_in_questions.h"

#include <utility>

#include "store/rows.h"

namespace patchbay::store {
namespace {

std::unexpected<Error> damaged_row(std::string_view table, const std::string& id) {
  return fail(ErrorCode::internal,
              "The row " + std::string(table) + " '" + id + "' of the database is damaged.");
}

Parameters parameters_of(const DashboardSessionRow& row) {
  return Parameters()
      .text(row.api_token_id)
      .blob(row.hash.to_blob())
      .integer(to_millis(row.ends_at))
      .integer(to_millis(row.expires_at))
      .integer(to_millis(row.created_at))
      .blob(row.mac)
      .text(row.id);
}

Parameters parameters_of(const SignInLinkRow& row) {
  return Parameters()
      .text(row.api_token_id)
      .blob(row.hash.to_blob())
      .integer(to_millis(row.expires_at))
      .integer(to_millis(row.created_at))
      .blob(row.mac)
      .text(row.id);
}

// As many rows as nobody has: SQLite takes no offset without a limit.
constexpr std::int64_t kAllBeyond = 1'000'000;

// What an API token has more of than it may.
Result<> trim(Session& session, Question question, const std::string& api_token_id,
              std::size_t most) {
  const auto gone = session.run(
      question,
      Parameters().text(api_token_id).integer(kAllBeyond).integer(static_cast<std::int64_t>(most)));
  return gone ? Result<>() : std::unexpected(gone.error());
}

Result<> put(Session& session, const DashboardSessionRow& row, std::size_t most) {
  const auto inserted = session.run(Question::insert_dashboard_session, parameters_of(row));
  if (!inserted) return std::unexpected(inserted.error());
  return trim(session, Question::trim_dashboard_sessions, row.api_token_id, most);
}

class SqlSignIns final : public SignInRows {
 public:
  explicit SqlSignIns(Database& database) : database_(database) {}

  Result<> insert(const DashboardSessionRow& row, std::size_t most) override {
    return database_.change([&](Session& session) { return put(session, row, most); });
  }
  Result<std::optional<DashboardSessionRow>> session(const vault::TokenHash& hash) override {
    const auto answer = ask(Question::dashboard_session, Parameters().blob(hash.to_blob()));
    if (!answer) return std::unexpected(answer.error());
    if (answer->rows() == 0) return std::nullopt;
    const auto stored = vault::TokenHash::from_blob(answer->at(0, 2).bytes);
    if (!stored) return damaged_row("dashboard_session", answer->at(0, 0).bytes);
    return DashboardSessionRow{.id = answer->at(0, 0).bytes,
                               .api_token_id = answer->at(0, 1).bytes,
                               .hash = *stored,
                               .ends_at = time_of(answer->at(0, 3)),
                               .expires_at = time_of(answer->at(0, 4)),
                               .created_at = time_of(answer->at(0, 5)),
                               .mac = answer->at(0, 6).bytes};
  }
  Result<bool> prolong(std::string_view id, WallTime ends_at) override {
    return changes_any(Question::prolong_dashboard_session,
                       Parameters().integer(to_millis(ends_at)).text(id));
  }
  Result<bool> remove_session(std::string_view id) override {
    return changes_any(Question::delete_dashboard_session, Parameters().text(id));
  }
  Result<std::int64_t> remove_sessions_of(std::string_view api_token_id) override {
    return change(Question::delete_dashboard_sessions_of_token, Parameters().text(api_token_id));
  }

  Result<> insert(const SignInLinkRow& row, std::size_t most) override {
    return database_.change([&](Session& session) -> Result<> {
      const auto inserted = session.run(Question::insert_sign_in_link, parameters_of(row));
      if (!inserted) return std::unexpected(inserted.error());
      return trim(session, Question::trim_sign_in_links, row.api_token_id, most);
    });
  }
  Result<std::optional<SignInLinkRow>> link(const vault::TokenHash& hash) override {
    const auto answer = ask(Question::sign_in_link, Parameters().blob(hash.to_blob()));
    if (!answer) return std::unexpected(answer.error());
    if (answer->rows() == 0) return std::nullopt;
    const auto stored = vault::TokenHash::from_blob(answer->at(0, 2).bytes);
    if (!stored) return damaged_row("sign_in_link", answer->at(0, 0).bytes);
    return SignInLinkRow{.id = answer->at(0, 0).bytes,
                         .api_token_id = answer->at(0, 1).bytes,
                         .hash = *stored,
                         .expires_at = time_of(answer->at(0, 3)),
                         .created_at = time_of(answer->at(0, 4)),
                         .mac = answer->at(0, 5).bytes};
  }
  Result<bool> use_link(std::string_view id, const DashboardSessionRow& row,
                        std::size_t most) override {
    bool was_there = false;
    const auto done = database_.change([&](Session& session) -> Result<> {
      const auto gone = session.run(Question::delete_sign_in_link, Parameters().text(id));
      if (!gone) return std::unexpected(gone.error());
      was_there = gone->changed() == 1;
      return was_there ? put(session, row, most) : Result<>();
    });
    if (!done) return std::unexpected(done.error());
    return was_there;
  }

  Result<std::int64_t> remove_ended(WallTime by, std::size_t limit) override {
    std::int64_t gone = 0;
    const auto done = database_.change([&](Session& session) -> Result<> {
      gone = 0;
      for (const Question question :
           {Question::delete_ended_dashboard_sessions, Question::delete_ended_sign_in_links}) {
        const auto answer = session.run(
            question,
            Parameters().integer(to_millis(by)).integer(static_cast<std::int64_t>(limit)));
        if (!answer) return std::unexpected(answer.error());
        gone += answer->changed();
      }
      return {};
    });
    if (!done) return std::unexpected(done.error());
    return gone;
  }

 private:
  Result<Answer> ask(Question question, const Parameters& parameters) {
    Answer answer;
    const auto read = database_.read([&](Session& session) -> Result<> {
      auto given = session.run(question, parameters);
      if (!given) return std::unexpected(std::move(given.error()));
      answer = std::move(*given);
      return {};
    });
    if (!read) return std::unexpected(read.error());
    return answer;
  }
  // How many rows it changed.
  Result<std::int64_t> change(Question question, const Parameters& parameters) {
    std::int64_t changed = 0;
    const auto done = database_.change([&](Session& session) -> Result<> {
      const auto answer = session.run(question, parameters);
      if (!answer) return std::unexpected(answer.error());
      changed = answer->changed();
      return {};
    });
    if (!done) return std::unexpected(done.error());
    return changed;
  }
  Result<bool> changes_any(Question question, const Parameters& parameters) {
    const auto changed = change(question, parameters);
    if (!changed) return std::unexpected(changed.error());
    return *changed > 0;
  }

  Database& database_;
};

}  // namespace

std::unique_ptr<SignInRows> make_sign_ins(Database& database) {
  return std::make_unique<SqlSignIns>(database);
}

}  // namespace patchbay::store
