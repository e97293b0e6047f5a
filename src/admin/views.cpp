#include "admin/views.h"

#include <algorithm>
#include <set>

#include "audit/settings.h"
#include "base/iso8601.h"
#include "control/server_member.h"

namespace patchbay::admin {
namespace {

json::Value id_or_null(const std::string& id) {
  return id.empty() ? json::Value() : json::Value(id);
}

json::Value strings(const auto& range) {
  json::Array array;
  for (const auto& text : range) array.push_back(text);
  return array;
}

json::Value view_of_member(const store::McpServerRow& row) {
  const auto member = control::member_of(row);
  if (member == nullptr) return {};
  return json::Object{{"id", member->id}, {"login", member->login}, {"name", member->name}};
}

// Of an account; also where its definition is gone.
json::Value view_of_integration(const std::string& name, const control::ControlPlane& control) {
  using integration::AuthStyle;
  const auto catalog = control.catalog(name);
  const integration::Integration* const known = catalog ? &(*catalog)->integration() : nullptr;
  const bool by_link =
      known != nullptr && known->auth.style == AuthStyle::oauth2_authorization_code;
  return json::Object{{"name", name},
                      {"label", known != nullptr ? known->label : name},
                      {"by_connect_link", by_link}};
}

json::Value view_of_allowance(const store::AccountRow& row, const control::ControlPlane& control) {
  const auto known = control.allowance(row);
  if (!known) return {};
  const auto number = [](const std::optional<std::int64_t>& of) {
    return of ? json::Value(*of) : json::Value();
  };
  json::Value resets;
  if (known->resets_in) resets = format_utc_millis(control.clock().now() + *known->resets_in);
  return json::Object{{"limit", number(known->limit)},
                      {"remaining", number(known->remaining)},
                      {"resets_at", std::move(resets)}};
}

json::Value field_view(const integration::CredentialField& field) {
  json::Object shown{{"name", field.name},     {"label", field.label},       {"type", field.type},
                     {"secret", field.secret}, {"required", field.required}, {"help", field.help}};
  if (field.personal) shown["personal"] = true;
  if (!field.pattern.empty()) shown["pattern"] = field.pattern;
  if (!field.default_value.empty()) shown["default"] = field.default_value;
  if (!field.options.empty()) shown["options"] = strings(field.options);
  return shown;
}

json::Value resource_view(const integration::Resource& resource) {
  json::Array methods;
  for (const auto& method : resource.methods) methods.push_back(method.name);
  return json::Object{{"name", resource.name},
                      {"label", resource.label},
                      {"description", resource.description},
                      {"tags", strings(resource.tags)},
                      {"methods", std::move(methods)}};
}

}  // namespace

json::Value view(const std::optional<WallTime>& time) {
  return time ? json::Value(format_utc_millis(*time)) : json::Value();
}

json::Value view_of_deleted(std::string_view id, bool on_disk) {
  json::Value answer = json::Object{{"id", id}};
  if (!on_disk) tell_unwritten(answer);
  return answer;
}

void tell_unwritten(json::Value& answer) {
  answer["not_yet_on_disk"] = json::Value(true);
  answer["notice"] =
      "This holds from now on, but the database cannot be written. It is tried again until it can; "
      "make room on its disk, and do not move the data elsewhere before.";
}

json::Value view(const store::EnvironmentRow& row) {
  return json::Object{
      {"id", row.id},
      {"name", row.name},
      {"audit", audit::to_json(audit::read_settings(row.audit).value_or(audit::Settings{}))},
      {"created_at", format_utc_millis(row.created_at)},
      {"updated_at", format_utc_millis(row.updated_at)}};
}

json::Value view(const store::ApiTokenRow& row) {
  return json::Object{{"id", row.id},
                      {"name", row.name},
                      {"environment_id", id_or_null(row.environment_id)},
                      {"scope", row.scope},
                      {"limits", row.limits},
                      {"created_by", row.created_by},
                      {"created_at", format_utc_millis(row.created_at)},
                      {"updated_at", format_utc_millis(row.updated_at)},
                      {"expires_at", view(row.expires_at)}};
}

json::Value view(const store::DashboardSessionRow& row, const store::ApiTokenRow& token) {
  return json::Object{
      {"id", row.id},
      {"api_token", json::Object{{"id", token.id},
                                 {"name", token.name},
                                 {"scope", token.scope},
                                 {"environment_id", id_or_null(token.environment_id)},
                                 {"limits", token.limits},
                                 {"expires_at", view(token.expires_at)}}},
      {"created_at", format_utc_millis(row.created_at)},
      {"expires_at", format_utc_millis(row.expires_at)},
      {"idle_expires_at", format_utc_millis(row.ends_at)}};
}

json::Value view(const store::McpServerRow& row, const control::ControlPlane& control,
                 const std::map<std::string, control::ServerUsage, std::less<>>* usage) {
  std::optional<control::ServerUsage> used;
  if (usage != nullptr) {
    const auto found = usage->find(row.id);
    used = found != usage->end() ? found->second : control::ServerUsage{};
  }
  return json::Object{
      {"id", row.id},
      {"name", row.name},
      {"config", row.config},
      {"tool_count", control.tool_count(row).tools},
      {"integrated_account_id", row.account_id},
      {"member", view_of_member(row)},
      {"has_own_credentials", !row.credentials.bytes.empty()},
      {"status", row.status},
      {"last_error", row.last_error.empty() ? json::Value() : json::Value(row.last_error)},
      {"created_by", row.created_by},
      {"created_at", format_utc_millis(row.created_at)},
      {"updated_at", format_utc_millis(row.updated_at)},
      {"expires_at", view(row.expires_at)},
      {"previous_token_expires_at",
       row.previous ? view(std::optional(row.previous->expires_at)) : json::Value()},
      {"last_used_at", used ? view(used->last_used_at) : json::Value()},
      {"calls_today", used ? json::Value(used->calls_today) : json::Value()},
      {"errors_today", used ? json::Value(used->errors_today) : json::Value()}};
}

json::Value view(const store::AccountRow& row, const control::ControlPlane& control) {
  json::Object credentials;
  for (const std::string& name : control.credential_names(row)) {
    credentials[name] = json::Object{{"set", true}};
  }
  return json::Object{
      {"id", row.id},
      {"name", row.name},
      {"tenant_id", row.tenant_id},
      {"environment_id", row.environment_id},
      {"integration", view_of_integration(row.integration, control)},
      {"status", row.status},
      {"last_error", row.last_error.empty() ? json::Value() : json::Value(row.last_error)},
      {"settings", row.settings},
      {"credentials", std::move(credentials)},
      {"rate_limit", view_of_allowance(row, control)},
      {"created_by", row.created_by},
      {"created_at", format_utc_millis(row.created_at)},
      {"updated_at", format_utc_millis(row.updated_at)}};
}

json::Value view(const control::Approval& approval) {
  const auto& row = approval.row;
  const auto text_or_null = [](std::string_view text) {
    return text.empty() ? json::Value() : json::Value(text);
  };
  return json::Object{{"id", row.id},
                      {"state", row.state},
                      {"tool", row.tool},
                      {"summary", approval.content.string_or("summary", "")},
                      {"environment_id", row.environment_id},
                      {"integrated_account_id", row.account_id},
                      {"mcp_server_id", row.server_id},
                      {"client", text_or_null(approval.content.string_or("client", ""))},
                      {"request_id", approval.content.string_or("request_id", "")},
                      {"asked_at", format_utc_millis(row.created_at)},
                      {"expires_at", format_utc_millis(row.expires_at)},
                      {"decided_at", view(row.decided_at)},
                      {"decided_by", id_or_null(row.decided_by)},
                      {"reason", text_or_null(row.reason)},
                      {"replaces", text_or_null(approval.content.string_or("replaces", ""))},
                      {"replaced_by", text_or_null(approval.outcome.string_or("replaced_by", ""))}};
}

json::Value detailed_view(const control::Approval& approval) {
  json::Value told = view(approval);
  const auto add = [&](std::string_view name, const json::Value* value) {
    told[name] = value != nullptr ? *value : json::Value();
  };
  add("arguments", approval.content.find("arguments"));
  const json::Value* const shown = approval.content.find("shown");
  for (const std::string_view part : {"to", "request", "before", "touches", "names"}) {
    add(part, shown != nullptr ? shown->find(part) : nullptr);
  }
  add("notice", approval.content.find("notice"));
  for (const std::string_view part : {"result", "error", "changed"}) {
    add(part, approval.outcome.find(part));
  }
  return told;
}

json::Value brief_view(const catalog::ToolCatalog& catalog) {
  const integration::Integration& integration = catalog.integration();
  std::set<std::string> tags;
  for (const auto& tool : catalog.tools()) tags.insert(tool->tags.begin(), tool->tags.end());
  json::Array credentials;
  for (const auto& field : integration.credentials) credentials.push_back(field_view(field));
  return json::Object{{"name", integration.name},
                      {"label", integration.label},
                      {"version", integration.version},
                      {"credentials", std::move(credentials)},
                      {"tags", strings(tags)},
                      {"resource_count", integration.resources.size()},
                      {"tool_count", catalog.tools().size()}};
}

json::Value view(const catalog::ToolCatalog& catalog) {
  json::Value shown = brief_view(catalog);
  json::Array resources;
  for (const auto& resource : catalog.integration().resources)
    resources.push_back(resource_view(resource));
  shown["resources"] = std::move(resources);
  return shown;
}

}  // namespace patchbay::admin
