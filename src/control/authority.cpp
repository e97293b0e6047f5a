#include "control/authority.h"

#include <optional>

#include "json/write.h"
#include "store/each_row.h"

namespace patchbay::control {
namespace {

std::string text_of(const std::optional<WallTime>& time) {
  return time ? std::to_string(time->time_since_epoch().count()) : std::string();
}

std::string authority_of(const store::ApiTokenRow& row) {
  return bind_together({"api_token", row.id, row.environment_id, row.scope,
                        json::to_string(row.limits), row.hash.to_blob(), text_of(row.expires_at)});
}

std::string authority_of(const store::AccountRow& row) {
  return bind_together(
      {"integrated_account", row.id, row.environment_id, row.integration, row.credentials.bytes});
}

std::string authority_of(const store::McpServerRow& row) {
  std::string text =
      bind_together({"mcp_server", row.id, row.account_id, row.environment_id,
                     json::to_string(row.config), row.hash.to_blob(), text_of(row.expires_at)});
  // Rows without one have the code that they always had.
  if (row.previous) {
    text += bind_together({row.previous->hash.to_blob(), text_of(row.previous->expires_at)});
  }
  const json::Object* const member = row.member.if_object();
  if (!row.credentials.bytes.empty() || (member != nullptr && !member->empty())) {
    text += bind_together({"member", json::to_string(row.member), row.credentials.bytes});
  }
  return text;
}

// All of it: what was asked for, what came of it, and who said so.
std::string authority_of(const store::ApprovalRow& row) {
  return bind_together({"approval", row.id, row.environment_id, row.account_id, row.server_id,
                        row.tool, row.digest, row.state, row.content.bytes, row.outcome.bytes,
                        row.decided_by, row.reason, text_of(row.decided_at),
                        text_of(row.expires_at), text_of(row.created_at)});
}

// Where messages go, which, and what signs them.
std::string authority_of(const store::WebhookRow& row) {
  return bind_together({"webhook", row.id, row.environment_id, row.url, std::to_string(row.events),
                        row.enabled ? "enabled" : "disabled", row.secret.bytes, row.previous.bytes,
                        text_of(row.previous_until)});
}

// Whose it is, what opens it, and its latest end; the nearer one moves on with its use.
std::string authority_of(const store::DashboardSessionRow& row) {
  return bind_together(
      {"dashboard_session", row.id, row.api_token_id, row.hash.to_blob(), text_of(row.expires_at)});
}

std::string authority_of(const store::SignInLinkRow& row) {
  return bind_together(
      {"sign_in_link", row.id, row.api_token_id, row.hash.to_blob(), text_of(row.expires_at)});
}

std::string altered(std::string_view what, const std::string& id) {
  return std::string(what) + " " + (id.empty() ? "without an id" : id) +
         ": its row was altered by something else than Patchbay; it is not served.";
}

std::string say_signed(const store::ApiTokenRow& row) {
  return "API token " + row.id + " '" + row.name + "': " + row.scope + " of " +
         (row.environment_id.empty() ? "the whole instance" : "environment " + row.environment_id);
}
std::string say_signed(const store::AccountRow& row) {
  return "Integrated account " + row.id + " '" + row.name + "' of environment " +
         row.environment_id;
}
std::string say_signed(const store::McpServerRow& row) {
  return "MCP server " + row.id + " '" + row.name + "' of account " + row.account_id;
}

template <class Row>
Result<> sign_each(store::Repository& repository, const vault::Vault& vault,
                   std::vector<std::string>& done) {
  return store::each_row<Row>(repository, [&](Row& row) -> Result<> {
    if (!row.mac.empty()) return {};
    sign(vault, row);
    if (auto updated = repository.update(row); !updated) return updated;
    done.push_back(say_signed(row));
    return {};
  });
}

}  // namespace

std::string bind_together(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) {
    text += std::to_string(part.size());
    text += ':';
    text += part;
  }
  return text;
}

void sign(const vault::Vault& vault, store::ApiTokenRow& row) {
  row.mac = vault.code(authority_of(row));
}
void sign(const vault::Vault& vault, store::AccountRow& row) {
  row.mac = vault.code(authority_of(row));
}
void sign(const vault::Vault& vault, store::McpServerRow& row) {
  row.mac = vault.code(authority_of(row));
}
void sign(const vault::Vault& vault, store::ApprovalRow& row) {
  row.mac = vault.code(authority_of(row));
}
void sign(const vault::Vault& vault, store::WebhookRow& row) {
  row.mac = vault.code(authority_of(row));
}
void sign(const vault::Vault& vault, store::DashboardSessionRow& row) {
  row.mac = vault.code(authority_of(row));
}
void sign(const vault::Vault& vault, store::SignInLinkRow& row) {
  row.mac = vault.code(authority_of(row));
}

bool is_as_signed(const vault::Vault& vault, const store::ApiTokenRow& row) {
  return vault.is_code(row.mac, authority_of(row));
}
bool is_as_signed(const vault::Vault& vault, const store::AccountRow& row) {
  return vault.is_code(row.mac, authority_of(row));
}
bool is_as_signed(const vault::Vault& vault, const store::McpServerRow& row) {
  return vault.is_code(row.mac, authority_of(row));
}
bool is_as_signed(const vault::Vault& vault, const store::ApprovalRow& row) {
  return vault.is_code(row.mac, authority_of(row));
}
bool is_as_signed(const vault::Vault& vault, const store::WebhookRow& row) {
  return vault.is_code(row.mac, authority_of(row));
}
bool is_as_signed(const vault::Vault& vault, const store::DashboardSessionRow& row) {
  return vault.is_code(row.mac, authority_of(row));
}
bool is_as_signed(const vault::Vault& vault, const store::SignInLinkRow& row) {
  return vault.is_code(row.mac, authority_of(row));
}

std::string say_altered(const store::ApiTokenRow& row) {
  return altered("API token", row.id);
}
std::string say_altered(const store::AccountRow& row) {
  return altered("Integrated account", row.id);
}
std::string say_altered(const store::McpServerRow& row) {
  return altered("MCP server", row.id);
}
std::string say_altered(const store::ApprovalRow& row) {
  return altered("Approval", row.id);
}
std::string say_altered(const store::WebhookRow& row) {
  return altered("Webhook", row.id);
}
std::string say_altered(const store::DashboardSessionRow& row) {
  return altered("Session", row.id);
}
std::string say_altered(const store::SignInLinkRow& row) {
  return altered("Sign-in link", row.id);
}

Result<std::vector<std::string>> sign_rows(store::Repository& repository,
                                           const vault::Vault& vault) {
  std::vector<std::string> done;
  for (const auto sign_kind : {sign_each<store::ApiTokenRow>, sign_each<store::AccountRow>,
                               sign_each<store::McpServerRow>}) {
    if (auto signed_now = sign_kind(repository, vault, done); !signed_now) {
      return std::unexpected(signed_now.error());
    }
  }
  return done;
}

}  // namespace patchbay::control
