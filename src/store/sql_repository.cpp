#include "store/sql_repository.h"

#include <limits>
#include <type_traits>
#include <utility>

#include "json/write.h"
#include "store/approval_questions.h"
#include "store/definition_questions.h"
#include "store/deletions.h"
#include "store/event_session.h"
#include "store/expiries.h"
#include "store/grant_questions.h"
#include "store/keep_an_admin.h"
#include "store/revisions.h"
#include "store/row_tables.h"
#include "store/rows.h"
#include "store/sign_in_questions.h"
#include "store/webhook_questions.h"

namespace patchbay::store {
namespace {

Result<> expect_a_change(const Result<Answer>& answer) {
  if (!answer) return std::unexpected(answer.error());
  if (answer->changed() == 0) return no_such_record();
  return {};
}

// Where a page begins: without a position, after what is newer than anything.
Parameters& begin_page(Parameters& parameters, const Page& page) {
  return parameters
      .integer(page.after ? to_millis(page.after->created_at)
                          : std::numeric_limits<std::int64_t>::max())
      .text(page.after ? page.after->id : "");
}

class SqlRepository final : public Repository {
 public:
  explicit SqlRepository(std::unique_ptr<Database> database)
      : database_(std::move(database)),
        everything_(make_everything(*database_)),
        webhooks_(make_webhooks(*database_)),
        sign_ins_(make_sign_ins(*database_)),
        definitions_(make_definitions(*database_)),
        grants_(make_grants(*database_)) {}

  Result<> insert(EnvironmentRow& row) override { return insert_row(row); }
  Result<> update(EnvironmentRow& row) override { return update_row(row); }
  Result<> delete_environment(std::string_view id) override {
    return delete_environment_from(*database_, id);
  }
  Result<std::optional<EnvironmentRow>> environment(std::string_view id) override {
    return row_of_id<EnvironmentRow>(id);
  }
  Result<std::vector<EnvironmentRow>> environments(const Page& page) override {
    Parameters parameters;
    begin_page(parameters, page).integer(to_limit(page.limit));
    return rows<EnvironmentRow>(Question::environments, parameters);
  }
  Result<Owned> owned_by_environment(std::string_view id) override {
    const auto accounts = number(Question::count_accounts_of_environment, Parameters().text(id));
    if (!accounts) return std::unexpected(accounts.error());
    const auto servers = number(Question::count_mcp_servers_of_environment, Parameters().text(id));
    if (!servers) return std::unexpected(servers.error());
    return Owned{.accounts = accounts->value_or(0), .mcp_servers = servers->value_or(0)};
  }

  Result<> insert(ApiTokenRow& row) override { return insert_row(row); }
  Result<> update(ApiTokenRow& row) override { return update_row(row); }
  Result<> update(ApiTokenRow& row, KeepAnAdmin keep) override { return update_row(row, keep); }
  Result<> delete_api_token(std::string_view id) override { return delete_row<ApiTokenRow>(id); }
  Result<> delete_api_token(std::string_view id, KeepAnAdmin keep) override {
    return delete_row<ApiTokenRow>(id, keep);
  }
  Result<std::optional<ApiTokenRow>> api_token(std::string_view id) override {
    return row_of_id<ApiTokenRow>(id);
  }
  Result<std::optional<ApiTokenRow>> api_token(const vault::TokenHash& hash) override {
    return row<ApiTokenRow>(Question::api_token_by_hash, Parameters().blob(hash.to_blob()));
  }
  Result<std::vector<ApiTokenRow>> api_tokens(std::string_view environment_id,
                                              const Page& page) override {
    Parameters parameters;
    if (!environment_id.empty()) parameters.text(environment_id);
    begin_page(parameters, page).integer(to_limit(page.limit));
    return rows<ApiTokenRow>(
        environment_id.empty() ? Question::api_tokens : Question::api_tokens_of_environment,
        parameters);
  }
  Result<std::int64_t> count_instance_admins(WallTime at) override {
    return count(Question::count_instance_admins, Parameters().integer(to_millis(at)));
  }

  Result<> insert(AccountRow& row) override { return insert_row(row); }
  Result<> update(AccountRow& row) override { return update_row(row); }
  Result<> update(AccountRow& row, const Message& told) override {
    return update_row(row, {}, told);
  }
  Result<> delete_account(std::string_view id) override {
    return delete_account_from(*database_, id);
  }
  Result<bool> delete_remains(std::size_t limit) override {
    return store::delete_remains(*database_, limit);
  }
  Result<std::optional<AccountRow>> account(std::string_view id) override {
    return row_of_id<AccountRow>(id);
  }
  Result<std::vector<AccountRow>> accounts(const AccountFilter& filter, const Page& page) override;
  Result<std::int64_t> count_mcp_servers(std::string_view account_id) override {
    return count(Question::count_mcp_servers_of_account, Parameters().text(account_id));
  }

  Result<> insert(McpServerRow& row) override { return insert_row(row); }
  Result<> insert(McpServerRow& row, const Message& told) override { return insert_row(row, told); }
  Result<> update(McpServerRow& row) override { return update_row(row); }
  Result<> update(McpServerRow& row, const Message& told) override {
    return update_row(row, {}, told);
  }
  Result<> delete_mcp_server(std::string_view id) override { return delete_row<McpServerRow>(id); }
  Result<std::optional<McpServerRow>> mcp_server(std::string_view id) override {
    return row_of_id<McpServerRow>(id);
  }
  Result<std::optional<McpServerRow>> mcp_server(const vault::TokenHash& hash) override {
    return row<McpServerRow>(Question::mcp_server_by_hash, Parameters().blob(hash.to_blob()));
  }
  Result<std::vector<McpServerRow>> mcp_servers(std::string_view account_id,
                                                WallTime not_expired_at, const Page& page,
                                                std::string_view name) override {
    Parameters parameters;
    parameters.text(account_id);
    begin_page(parameters, page).integer(to_millis(not_expired_at));
    if (!name.empty()) parameters.text(with_this_in_it(name));
    parameters.integer(to_limit(page.limit));
    return rows<McpServerRow>(
        name.empty() ? Question::mcp_servers_of_account : Question::mcp_servers_named, parameters);
  }

  Result<std::vector<McpServerRow>> overlaps_until(WallTime now, std::size_t limit) override {
    return rows<McpServerRow>(Question::overlaps_until,
                              Parameters().integer(to_millis(now)).integer(to_limit(limit)));
  }
  Result<std::optional<WallTime>> nearest_expiry() override {
    return nearest_in(
        *database_, {Question::nearest_expiry_of_mcp_server, Question::nearest_expiry_of_api_token,
                     Question::nearest_end_of_overlap});
  }
  Result<std::vector<Expired>> delete_expired(WallTime now, std::size_t limit,
                                              const TellOfServer& tell) override {
    return delete_expired_from(*database_, Telling(*webhooks_), now, limit, tell);
  }
  Result<std::size_t> tell_of_expiry(WallTime by, std::size_t limit,
                                     const TellOfServer& tell) override {
    return tell_of_expiry_in(*database_, Telling(*webhooks_), by, limit, tell);
  }
  Result<std::vector<McpServerRow>> mcp_servers_expiring(const Expiring& wanted) override {
    return rows<McpServerRow>(Question::mcp_servers_expiring, parameters_of(wanted));
  }
  Result<std::optional<WallTime>> nearest_untold_expiry() override {
    return nearest_in(*database_, {Question::nearest_untold_expiry});
  }
  WebhookRows& webhooks() override { return *webhooks_; }
  SignInRows& sign_ins() override { return *sign_ins_; }
  DefinitionRows& definitions() override { return *definitions_; }
  GrantRows& grants() override { return *grants_; }

  Result<std::int64_t> revision() override { return count(Question::revision, {}); }
  Result<ChangesSince> changes_since(std::int64_t revision, std::size_t limit) override {
    return read_changes(*database_, revision, limit);
  }
  std::unique_ptr<ChangeFeed> feed() override { return database_->feed(); }

  Result<std::vector<EnvironmentRow>> environments_after(const After& id,
                                                         std::size_t limit) override {
    return rows_after<EnvironmentRow>(id, limit);
  }
  Result<std::vector<ApiTokenRow>> api_tokens_after(const After& id, std::size_t limit) override {
    return rows_after<ApiTokenRow>(id, limit);
  }
  Result<std::vector<AccountRow>> accounts_after(const After& id, std::size_t limit) override {
    return rows_after<AccountRow>(id, limit);
  }
  Result<std::vector<McpServerRow>> mcp_servers_after(const After& id, std::size_t limit) override {
    return rows_after<McpServerRow>(id, limit);
  }

  Result<std::vector<EventRow>> events_after(const After& id, std::size_t limit) override {
    return rows<EventRow>(Question::events_after, after(id, limit));
  }

  Everything& everything() override { return *everything_; }

  Result<std::optional<vault::SealedBytes>> secret(std::string_view name) override {
    auto answer = ask(Question::secret, Parameters().text(name));
    if (!answer) return std::unexpected(std::move(answer.error()));
    if (answer->rows() == 0) return std::nullopt;
    return vault::SealedBytes{answer->at(0, 0).bytes};
  }
  Result<> insert_secret(std::string_view name, const vault::SealedBytes& value) override {
    return change_one(Question::insert_secret, Parameters().blob(value.bytes).text(name));
  }
  Result<> update_secret(std::string_view name, const vault::SealedBytes& value) override {
    return change_one(Question::update_secret, Parameters().blob(value.bytes).text(name));
  }

  Result<> add_uses(std::vector<ServerUse> since) override {
    return add_uses_to(*database_, std::move(since));
  }
  Result<std::vector<ServerUse>> uses(const std::vector<std::string>& ids) override {
    return uses_of(*database_, ids);
  }
  Result<QuotaGrants> take_quota(std::string_view id, const QuotaWishes& wishes,
                                 const TellOfQuota& tell) override {
    return take_quota_of(*database_, id, wishes, Telling(*webhooks_), tell);
  }

  Result<> change_events(const std::function<Result<>(EventSession&)>& work) override {
    return change_events_of(*database_, work);
  }
  Result<std::optional<EventRow>> event(std::string_view id) override {
    return row<EventRow>(Question::event, Parameters().text(id));
  }
  Result<std::vector<EventRow>> events(const EventPage& page) override {
    return rows<EventRow>(page.chain.empty() ? Question::events : Question::events_of_chain,
                          parameters_of(page));
  }
  Result<std::vector<EventRow>> events_by_number(std::string_view chain, std::int64_t after,
                                                 std::size_t limit) override {
    return rows<EventRow>(Question::events_by_number, numbers_after(chain, after, limit));
  }
  Result<std::vector<EventRow>> events_by_end(std::string_view chain, std::int64_t after,
                                              std::size_t limit) override {
    return rows<EventRow>(Question::events_by_end, numbers_after(chain, after, limit));
  }
  Result<std::optional<CallsRow>> calls(std::string_view id) override {
    return row<CallsRow>(Question::calls_by_id, Parameters().text(id));
  }
  Result<std::vector<CallsRow>> calls(const CallsPage& page) override {
    return rows<CallsRow>(page.chain.empty() ? Question::calls : Question::calls_of_chain,
                          parameters_of(page));
  }
  Result<std::vector<CallsRow>> calls_by_number(std::string_view chain, std::int64_t after,
                                                std::size_t limit) override {
    return rows<CallsRow>(Question::calls_by_number, numbers_after(chain, after, limit));
  }
  Result<std::vector<ChainRow>> chains_after(std::string_view id, std::size_t limit) override {
    return rows<ChainRow>(Question::audit_chains_after, after(std::string(id), limit));
  }

  Result<> insert(ApprovalRow& row) override {
    return insert_approval(*database_, row, Telling(*webhooks_), {});
  }
  Result<> insert(ApprovalRow& row, const Message& told) override {
    return insert_approval(*database_, row, Telling(*webhooks_), told);
  }
  Result<> update(ApprovalRow& row) override { return update_approval(*database_, row); }
  Result<std::optional<ApprovalRow>> approval(std::string_view id) override {
    return row<ApprovalRow>(Question::approval, Parameters().text(id));
  }
  Result<std::optional<ApprovalRow>> approval_of_call(std::string_view server_id,
                                                      std::string_view digest) override {
    return find_approval_of_call(*database_, server_id, digest);
  }
  Result<std::vector<ApprovalRow>> approvals(const ApprovalFilter& filter,
                                             const Page& page) override {
    return list_approvals(*database_, filter, page);
  }
  Result<std::vector<ApprovalRow>> approvals_due(std::string_view state, WallTime by,
                                                 std::size_t limit) override {
    return rows<ApprovalRow>(
        Question::approvals_due,
        Parameters().text(state).integer(to_millis(by)).integer(to_limit(limit)));
  }
  Result<std::int64_t> count_pending(std::string_view server_id, WallTime at) override {
    return count(Question::count_pending_of_server,
                 Parameters().text(server_id).integer(to_millis(at)));
  }
  Result<std::int64_t> count_pending_of_environment(std::string_view id, WallTime at) override {
    return count(Question::count_pending_of_environment,
                 Parameters().text(id).integer(to_millis(at)));
  }
  Result<std::int64_t> count_pending(WallTime at) override {
    return count(Question::count_pending, Parameters().integer(to_millis(at)));
  }
  Result<std::int64_t> delete_approvals(WallTime made_by, std::size_t limit) override {
    return delete_old_approvals(*database_, made_by, limit);
  }
  Result<std::vector<ApprovalRow>> approvals_after(const After& id, std::size_t limit) override {
    return rows<ApprovalRow>(Question::approvals_after, after(id, limit));
  }

 private:
  // -- reading
  Result<Answer> ask(Question question, const Parameters& parameters) {
    Answer answer;
    const auto read = database_->read([&](Session& session) -> Result<> {
      auto given = session.run(question, parameters);
      if (!given) return std::unexpected(std::move(given.error()));
      answer = std::move(*given);
      return {};
    });
    if (!read) return std::unexpected(read.error());
    return answer;
  }
  template <class Row>
  Result<std::vector<Row>> rows(Question question, const Parameters& parameters) {
    const auto answer = ask(question, parameters);
    if (!answer) return std::unexpected(answer.error());
    return read_rows<Row>(*answer);
  }
  template <class Row>
  Result<std::optional<Row>> row(Question question, const Parameters& parameters) {
    auto found = rows<Row>(question, parameters);
    if (!found) return std::unexpected(std::move(found.error()));
    if (found->empty()) return std::nullopt;
    return std::move(found->front());
  }
  template <class Row>
  Result<std::optional<Row>> row_of_id(std::string_view id) {
    return row<Row>(RowTable<Row>::kById, Parameters().text(id));
  }
  template <class Row>
  Result<std::vector<Row>> rows_after(const After& id, std::size_t limit) {
    return rows<Row>(RowTable<Row>::kAfter, after(id, limit));
  }
  static Parameters after(const After& id, std::size_t limit) {
    return Parameters().text(id.value_or("")).integer(id ? 0 : 1).integer(to_limit(limit));
  }
  Result<std::optional<std::int64_t>> number(Question question, const Parameters& parameters) {
    const auto answer = ask(question, parameters);
    if (!answer) return std::unexpected(answer.error());
    if (answer->rows() == 0 || answer->at(0, 0).type != Cell::Type::integer) return std::nullopt;
    return answer->at(0, 0).integer;
  }
  Result<std::int64_t> count(Question question, const Parameters& parameters) {
    const auto found = number(question, parameters);
    if (!found) return std::unexpected(found.error());
    return found->value_or(0);
  }

  // -- changing
  template <class Row>
  Result<> insert_row(Row& row, const std::optional<Message>& told = {}) {
    std::int64_t version = 0;
    Telling telling(*webhooks_);
    auto done = database_->change([&](Session& session) -> Result<> {
      telling.begin();
      const auto before = take_revisions(session, 1);
      if (!before) return std::unexpected(before.error());
      version = *before + 1;
      auto inserted =
          expect_a_change(session.run(RowTable<Row>::kInsert, parameters_of(row, version)));
      if (!inserted) return inserted;
      if (auto put = telling.put(session, told); !put) return put;
      return note_changes(session, *before, RowTable<Row>::kKind, false, {row.id});
    });
    if (!done) return done;
    row.version = version;
    telling.committed();
    return done;
  }

  template <class Row>
  Result<> update_row(Row& row, std::optional<KeepAnAdmin> keep = {},
                      const std::optional<Message>& told = {}) {
    if (row.version < 0) return no_such_record();  // deleted already
    std::int64_t version = 0;
    Telling telling(*webhooks_);
    auto done = change_keeping(*database_, keep, [&](Session& session) -> Result<> {
      telling.begin();
      const auto before = take_revisions(session, 1);
      if (!before) return std::unexpected(before.error());
      version = *before + 1;
      const auto updated =
          session.run(RowTable<Row>::kUpdate, parameters_of(row, version).integer(row.version));
      if (!updated) return std::unexpected(updated.error());
      if (updated->changed() == 0) return why_not_updated<Row>(session, row.id);
      if (auto put = telling.put(session, told); !put) return put;
      return note_changes(session, *before, RowTable<Row>::kKind, false, {row.id});
    });
    if (!done) return done;
    row.version = version;
    telling.committed();
    return done;
  }

  template <class Row>
  static Result<> why_not_updated(Session& session, std::string_view id) {
    const auto present = session.run(RowTable<Row>::kById, Parameters().text(id));
    if (!present) return std::unexpected(present.error());
    if (present->rows() == 0) return no_such_record();
    return fail(ErrorCode::conflict, "It was changed by somebody else meanwhile.",
                "Read it again, then repeat the change.");
  }

  template <class Row>
  Result<> delete_row(std::string_view id, std::optional<KeepAnAdmin> keep = {}) {
    return change_keeping(*database_, keep, [&](Session& session) -> Result<> {
      const auto before = take_revisions(session, 1);
      if (!before) return std::unexpected(before.error());
      auto gone = expect_a_change(session.run(RowTable<Row>::kRemove, Parameters().text(id)));
      if (!gone) return gone;
      return note_changes(session, *before, RowTable<Row>::kKind, true, {std::string(id)});
    });
  }

  // One statement without a revision: nobody keeps in memory what it changes.
  Result<> change_one(Question question, const Parameters& parameters) {
    return database_->change([&](Session& session) -> Result<> {
      return expect_a_change(session.run(question, parameters));
    });
  }

  const std::unique_ptr<Database> database_;
  const std::unique_ptr<Everything> everything_;
  const std::unique_ptr<WebhookRows> webhooks_;
  const std::unique_ptr<SignInRows> sign_ins_;
  const std::unique_ptr<DefinitionRows> definitions_;
  const std::unique_ptr<GrantRows> grants_;
};

Result<std::vector<AccountRow>> SqlRepository::accounts(const AccountFilter& filter,
                                                        const Page& page) {
  const std::int64_t limit = to_limit(page.limit);
  Parameters parameters;
  if (filter.ids) {
    parameters.text(as_json(*filter.ids));
    begin_page(parameters, page)
        .text(filter.environment_id)
        .text(filter.tenant_id)
        .text(filter.integration)
        .integer(limit);
    return rows<AccountRow>(Question::accounts_by_ids, parameters);
  }
  if (!filter.name.empty()) {
    begin_page(parameters, page)
        .text(with_this_in_it(filter.name))
        .text(filter.environment_id)
        .text(filter.tenant_id)
        .text(filter.integration)
        .integer(limit);
    return rows<AccountRow>(Question::accounts_named, parameters);
  }
  if (!filter.tenant_id.empty()) {
    parameters.text(filter.tenant_id);
    begin_page(parameters, page)
        .text(filter.environment_id)
        .text(filter.integration)
        .integer(limit);
    return rows<AccountRow>(Question::accounts_of_tenant, parameters);
  }
  if (!filter.environment_id.empty()) parameters.text(filter.environment_id);
  if (!filter.integration.empty()) parameters.text(filter.integration);
  begin_page(parameters, page).integer(limit);
  if (filter.environment_id.empty()) {
    return rows<AccountRow>(
        filter.integration.empty() ? Question::accounts : Question::accounts_of_integration,
        parameters);
  }
  return rows<AccountRow>(filter.integration.empty()
                              ? Question::accounts_of_environment
                              : Question::accounts_of_environment_and_integration,
                          parameters);
}

}  // namespace

Result<std::unique_ptr<Repository>> open_repository(std::unique_ptr<Database> database,
                                                    Tables tables) {
  auto repository = std::make_unique<SqlRepository>(std::move(database));
  if (tables == Tables::receive) return repository;
  const auto copy = repository->everything().copy_state();
  if (!copy) return std::unexpected(copy.error());
  if (!*copy) return repository;
  return fail(ErrorCode::conflict,
              "The database is not complete: another one is being copied into it, or was until "
              "that broke off.",
              "`patchbay store migrate` with the same --from and --to goes on where it ended. To "
              "begin anew, name an empty database.");
}

}  // namespace patchbay::store
