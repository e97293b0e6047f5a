#include "admin/actions.h"
#include "admin/body_reader.h"
#include "admin/connect_page.h"
#include "admin/lists.h"
#include "admin/openapi.h"
#include "admin/views.h"
#include "control/members.h"

namespace patchbay::admin {
namespace {

using GivenCredentials = std::map<std::string, Secret>;
using CredentialChanges = std::map<std::string, std::optional<Secret>>;

GivenCredentials read_credentials(BodyReader& read) {
  GivenCredentials credentials;
  for (const auto& [name, value] : read.object("credentials")) {
    const std::string* const text = value.if_string();
    if (text == nullptr) {
      read.refuse("Each of 'credentials' must be a string.");
      break;
    }
    credentials.emplace(name, Secret(*text));
  }
  return credentials;
}

std::optional<CredentialChanges> read_credential_changes(BodyReader& read) {
  const auto given = read.changed_object("credentials");
  if (!given) return {};
  CredentialChanges changes;
  for (const auto& [name, value] : *given) {
    const std::string* const text = value.if_string();
    if (text == nullptr && !value.is_null()) {
      read.refuse("Each of 'credentials' must be a string, or null to remove it.");
      break;
    }
    changes[name] = text != nullptr ? std::optional(Secret(*text)) : std::nullopt;
  }
  return changes;
}

// The member, if there is one, which may be null in a change only.
const json::Value* find_time_zone(BodyReader& read, const json::Object& settings, bool change) {
  if (auto known = control::only_known_members(settings, "settings", members_of("AccountSettings"));
      !known) {
    read.refuse(known.error());
  }
  const json::Value* const zone = settings.find("time_zone");
  if (zone == nullptr || zone->is_string() || (change && zone->is_null())) return zone;
  read.refuse("settings.time_zone must be the name of a time zone.",
              "For instance 'Europe/London'.");
  return nullptr;
}

control::AccountSettings read_settings(BodyReader& read) {
  const json::Object given = read.object("settings");
  control::AccountSettings settings;
  if (const json::Value* const zone = find_time_zone(read, given, false)) {
    settings.time_zone = *zone->if_string();
  }
  return settings;
}

std::optional<control::AccountChange::Settings> read_settings_change(BodyReader& read) {
  const auto given = read.changed_object("settings");
  if (!given) return {};
  control::AccountChange::Settings change;
  if (const json::Value* const zone = find_time_zone(read, *given, true)) {
    if (zone->is_null()) {
      change.time_zone = control::Clear{};
    } else {
      change.time_zone = *zone->if_string();
    }
  }
  return change;
}

Result<control::NewAccount> read_new_account(const json::Object& body) {
  BodyReader read(body);
  control::NewAccount account{.environment_id = read.chosen_text("environment_id"),
                              .integration = read.text("integration"),
                              .tenant_id = read.text("tenant_id"),
                              .name = read.text("name"),
                              .credentials = read_credentials(read),
                              .settings = read_settings(read)};
  if (account.integration.empty()) {
    read.refuse("'integration' is required.", "Its name, as GET /integration lists it.");
  }
  return read.give(std::move(account));
}

Result<control::AccountChange> read_account_change(const json::Object& body) {
  BodyReader read(body);
  return read.give(control::AccountChange{.name = read.changed_text("name"),
                                          .tenant_id = read.clearable_text("tenant_id"),
                                          .settings = read_settings_change(read),
                                          .credentials = read_credential_changes(read)});
}

// To whoever gave credentials, and to nobody later: what was put right in them.
json::Value with_notices(json::Value shown, const std::vector<std::string>& notices) {
  if (notices.empty()) return shown;
  json::Array told;
  for (const auto& notice : notices) told.push_back(notice);
  shown["notices"] = std::move(told);
  return shown;
}

}  // namespace

Result<json::Value> list_accounts(Context& context, const ApiRequest& request) {
  const auto page = read_page(request);
  if (!page) return std::unexpected(page.error());
  const control::AccountQuery query{
      .environment_id = std::string(request.query_or("environment_id", "")),
      .tenant_id = std::string(request.query_or("tenant_id", "")),
      .integration = std::string(request.query_or("integration", "")),
      .name = std::string(request.query_or("name", ""))};
  const auto rows = context.control.accounts(request.principal, query, *page);
  if (!rows) return std::unexpected(rows.error());
  return list_view(*rows, *page, [&](const auto& row) { return view(row, context.control); });
}

Result<json::Value> create_account(Context& context, const ApiRequest& request) {
  auto account = read_new_account(request.body);
  if (!account) return std::unexpected(account.error());
  const auto row = context.control.create_account(request.principal, std::move(*account));
  if (!row) return std::unexpected(row.error());
  return with_notices(view(*row, context.control), context.control.notices(*row));
}

Result<json::Value> get_account(Context& context, const ApiRequest& request) {
  const auto row = context.control.account(request.principal, request.parameter("id"));
  if (!row) return std::unexpected(row.error());
  const auto servers = context.control.mcp_server_count(*row);
  if (!servers) return std::unexpected(servers.error());
  json::Value shown = view(*row, context.control);
  shown["mcp_server_count"] = *servers;
  return shown;
}

Result<json::Value> update_account(Context& context, const ApiRequest& request) {
  auto change = read_account_change(request.body);
  if (!change) return std::unexpected(change.error());
  const bool credentials_given = change->credentials.has_value();
  const auto row = context.control.update_account(request.principal, request.parameter("id"),
                                                  std::move(*change));
  if (!row) return std::unexpected(row.error());
  auto shown = view(*row, context.control);
  if (!credentials_given) return shown;
  return with_notices(std::move(shown), context.control.notices(*row));
}

Result<json::Value> delete_account(Context& context, const ApiRequest& request) {
  const auto done = context.control.delete_account(request.principal, request.parameter("id"));
  if (!done) return std::unexpected(done.error());
  return view_of_deleted(request.parameter("id"), done->on_disk);
}

Result<json::Value> probe_account(Context& context, const ApiRequest& request) {
  const auto row = context.control.probe_account(request.principal, request.parameter("id"));
  if (!row) return std::unexpected(row.error());
  return view(*row, context.control);
}

Result<json::Value> make_connect_link(Context& context, const ApiRequest& request) {
  BodyReader read(request.body);
  const auto lifetime =
      read.give(read.seconds("expires_in_seconds", control::Connections::kLongestLink));
  if (!lifetime) return std::unexpected(lifetime.error());
  const auto link = context.control.connections().make_link(
      request.principal, request.parameter("id"),
      request.body.contains("expires_in_seconds") ? *lifetime : control::Connections::kUsualLink);
  if (!link) return std::unexpected(link.error());
  return json::Object{{"url", context.public_url + "/connect/" + link->token},
                      {"expires_at", view(std::optional(link->until))},
                      {"redirect_uri", context.public_url + std::string(kConnectCallback)}};
}

}  // namespace patchbay::admin
