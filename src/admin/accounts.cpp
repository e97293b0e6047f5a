#include "admin/actions.h"
#include "admin/lists.h"
#include "admin/views.h"
#include "control/members.h"

namespace patchbay::admin {
namespace {

Result<std::map<std::string, Secret>> read_credentials(const json::Object& body) {
  std::map<std::string, Secret> credentials;
  const json::Value* const value = body.find("credentials");
  if (value == nullptr || value->is_null()) return credentials;
  if (!value->is_object()) {
    return fail(ErrorCode::invalid_argument, "'credentials' must be an object of strings.");
  }
  for (const auto& [name, one] : *value->if_object()) {
    const std::string* const text = one.if_string();
    if (text == nullptr) {
      return fail(ErrorCode::invalid_argument, "Each of 'credentials' must be a string.");
    }
    credentials.emplace(name, Secret(*text));
  }
  return credentials;
}

Result<control::NewAccount> read_new_account(const json::Object& body) {
  if (auto known = control::only_known_members(
          body, "",
          {"integration", "name", "tenant_id", "environment_id", "credentials", "settings"});
      !known) {
    return std::unexpected(known.error());
  }
  control::NewAccount account;
  struct Text {
    std::string_view member;
    std::string control::NewAccount::* field;
  };
  for (const Text& one : {Text{"integration", &control::NewAccount::integration},
                          Text{"name", &control::NewAccount::name},
                          Text{"tenant_id", &control::NewAccount::tenant_id},
                          Text{"environment_id", &control::NewAccount::environment_id}}) {
    auto text = optional_text(body, one.member);
    if (!text) return std::unexpected(text.error());
    account.*one.field = std::move(*text);
  }
  if (account.integration.empty()) {
    return fail(ErrorCode::invalid_argument, "'integration' is required.",
                "Its name, as GET /integration lists it.");
  }
  auto credentials = read_credentials(body);
  if (!credentials) return std::unexpected(credentials.error());
  account.credentials = std::move(*credentials);
  if (const json::Value* const settings = body.find("settings")) account.settings = *settings;
  return account;
}

}  // namespace

Result<Reply> list_accounts(Context& context, const Call& call) {
  const auto page = read_page(call);
  if (!page) return std::unexpected(page.error());
  const control::AccountQuery query{
      .environment_id = std::string(call.query_or("environment_id", "")),
      .tenant_id = std::string(call.query_or("tenant_id", "")),
      .integration = std::string(call.query_or("integration", ""))};
  const auto rows = context.control.accounts(call.principal, query, *page);
  if (!rows) return std::unexpected(rows.error());
  return list_reply(*rows, *page, [&](const auto& row) { return view(row, context.control); });
}

Result<Reply> create_account(Context& context, const Call& call) {
  auto account = read_new_account(call.body);
  if (!account) return std::unexpected(account.error());
  const auto row = context.control.create_account(call.principal, std::move(*account));
  if (!row) return std::unexpected(row.error());
  return Reply{201, view(*row, context.control)};
}

Result<Reply> get_account(Context& context, const Call& call) {
  const auto row = context.control.account(call.principal, call.parameter("id"));
  if (!row) return std::unexpected(row.error());
  return Reply{200, view(*row, context.control)};
}

Result<Reply> update_account(Context& context, const Call& call) {
  const auto row = context.control.update_account(call.principal, call.parameter("id"), call.body);
  if (!row) return std::unexpected(row.error());
  return Reply{200, view(*row, context.control)};
}

Result<Reply> delete_account(Context& context, const Call& call) {
  const auto done = context.control.delete_account(call.principal, call.parameter("id"));
  if (!done) return std::unexpected(done.error());
  return deleted(call.parameter("id"));
}

Result<Reply> probe_account(Context& context, const Call& call) {
  const auto row = context.control.probe_account(call.principal, call.parameter("id"));
  if (!row) return std::unexpected(row.error());
  return Reply{200, view(*row, context.control)};
}

}  // namespace patchbay::admin
