#include "store/grant_questions.h"

#include "store/rows.h"

namespace patchbay::store {
namespace {

class SqlGrants final : public GrantRows {
 public:
  explicit SqlGrants(Database& database) : database_(database) {}

  Result<std::optional<GrantRow>> grant(std::string_view account_id) override {
    std::optional<GrantRow> row;
    const auto read = database_.read([&](Session& session) -> Result<> {
      const auto answer = session.run(Question::account_grant, Parameters().text(account_id));
      if (!answer) return std::unexpected(answer.error());
      row.reset();
      if (answer->rows() == 0) return {};
      row = GrantRow{.account_id = answer->at(0, 0).bytes,
                     .tokens = {answer->at(0, 1).bytes},
                     .expires_at = time_of(answer->at(0, 2)),
                     .connected_at = time_of(answer->at(0, 3)),
                     .claimed_until = time_of(answer->at(0, 4)),
                     .version = answer->at(0, 5).integer};
      return {};
    });
    if (!read) return std::unexpected(read.error());
    return row;
  }

  Result<> put(const GrantRow& row) override {
    return database_.change([&](Session& session) -> Result<> {
      const auto done =
          session.run(Question::put_account_grant, Parameters()
                                                       .blob(row.tokens.bytes)
                                                       .integer(to_millis(row.expires_at))
                                                       .integer(to_millis(row.connected_at))
                                                       .integer(0)
                                                       .integer(1)
                                                       .text(row.account_id));
      return done ? Result<>() : std::unexpected(done.error());
    });
  }

  Result<bool> claim(std::string_view account_id, std::int64_t version, WallTime now,
                     WallTime until) override {
    return changes(Question::claim_account_grant, Parameters()
                                                      .integer(to_millis(until))
                                                      .text(account_id)
                                                      .integer(version)
                                                      .integer(to_millis(now)));
  }

  Result<bool> keep(std::string_view account_id, std::int64_t version,
                    const vault::SealedBytes& tokens, WallTime expires_at) override {
    return changes(Question::keep_account_grant, Parameters()
                                                     .blob(tokens.bytes)
                                                     .integer(to_millis(expires_at))
                                                     .text(account_id)
                                                     .integer(version));
  }

  Result<bool> reseal(std::string_view account_id, std::int64_t version, WallTime now,
                      const vault::SealedBytes& tokens) override {
    return changes(
        Question::reseal_account_grant,
        Parameters().blob(tokens.bytes).text(account_id).integer(version).integer(to_millis(now)));
  }

  Result<> remove(std::string_view account_id) override {
    const auto done = changes(Question::delete_account_grant, Parameters().text(account_id));
    return done ? Result<>() : std::unexpected(done.error());
  }

 private:
  Result<bool> changes(Question question, const Parameters& parameters) {
    bool any = false;
    const auto done = database_.change([&](Session& session) -> Result<> {
      const auto answer = session.run(question, parameters);
      if (!answer) return std::unexpected(answer.error());
      any = answer->changed() > 0;
      return {};
    });
    if (!done) return std::unexpected(done.error());
    return any;
  }

  Database& database_;
};

}  // namespace

std::unique_ptr<GrantRows> make_grants(Database& database) {
  return std::make_unique<SqlGrants>(database);
}

}  // namespace patchbay::store
