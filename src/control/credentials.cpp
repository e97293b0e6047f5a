// Credentials: {"origin": "https://host:443", "credentials": {…}}, sealed with the account's id,
// integration and environment, and opened only to make the account that calls. The origin is where
// they were entered to be sent, and they are sent nowhere else: not by a changed site, definition
// or row. An MCP server's own are sealed alike, with its id and its account's as well.
#include <utility>

#include "control/sealed_origin.h"
#include "control/state.h"
#include "json/parse.h"
#include "json/write.h"

namespace patchbay::control {
namespace {

// Sealed bytes open for this account alone, and only as long as its integration, which decides
// where they are sent, is the one that they were entered for.
std::string place_of(const store::AccountRow& row) {
  return bind_together({"integrated_account", row.id, row.integration, row.environment_id});
}

// Of versions that sealed the bare credentials, for no origin.
std::string former_place_of(const store::AccountRow& row) {
  return "integrated_account/" + row.id;
}

// A member's own open for this server alone, and only as long as it is one of that account.
std::string place_of(const store::McpServerRow& row, std::string_view integration) {
  return bind_together({"mcp_server", row.id, row.account_id, integration, row.environment_id});
}

struct Opened {
  std::string origin;  // empty: of a version that sealed the bare credentials, for no origin
  json::Object values;
};

Secret text_of(const std::map<std::string, Secret>& credentials, std::string_view origin) {
  std::string text = R"({"origin":)";
  json::append_string(text, origin);
  text += R"(,"credentials":{)";
  bool first = true;
  for (const auto& [name, value] : credentials) {
    if (!std::exchange(first, false)) text += ',';
    json::append_string(text, name);
    text += ':';
    json::append_string(text, value.reveal());
  }
  text += "}}";
  return Secret(std::move(text));
}

Result<Opened> open_sealed(const vault::Vault& vault, const store::AccountRow& row) {
  const auto bound = vault.unseal(row.credentials, place_of(row));
  const auto plain = bound ? bound : vault.unseal(row.credentials, former_place_of(row));
  const auto parsed = plain ? json::parse(plain->reveal()) : fail(ErrorCode::internal, "");
  const json::Value* values = nullptr;
  if (parsed) values = bound ? parsed->find("credentials") : &*parsed;
  if (values == nullptr || !values->is_object()) {
    return fail(ErrorCode::internal,
                "The credentials of the integrated account " + row.id + " do not open.",
                "Start with the master key that sealed them, on the first line of the key file or "
                "below the new one, or enter the credentials again.");
  }
  return Opened{.origin = std::string(bound ? parsed->string_or("origin", "") : ""),
                .values = *values->if_object()};
}

std::map<std::string, Secret> texts_in(const json::Object& values) {
  std::map<std::string, Secret> texts;
  for (const auto& [name, value] : values) {
    if (const std::string* const text = value.if_string()) texts[name] = Secret(*text);
  }
  return texts;
}

Result<TimeZone> time_zone_of(const json::Value& settings) {
  const std::string_view name = settings.string_or("time_zone", "");
  if (name.empty()) return TimeZone::utc();
  return TimeZone::find(name);
}

}  // namespace

void ControlPlane::Impl::seal(store::AccountRow& row, const Credentials& credentials,
                              std::string_view origin) const {
  row.credentials = vault->seal(text_of(credentials, origin), place_of(row));
}

Result<ControlPlane::Impl::SealedCredentials> ControlPlane::Impl::unseal(
    const store::AccountRow& row) const {
  auto sealed = open_sealed(*vault, row);
  if (!sealed) return std::unexpected(std::move(sealed.error()));
  return SealedCredentials{.values = texts_in(sealed->values), .origin = std::move(sealed->origin)};
}

void ControlPlane::Impl::seal(store::McpServerRow& row, std::string_view integration,
                              const Credentials& credentials, std::string_view origin) const {
  row.credentials = vault->seal(text_of(credentials, origin), place_of(row, integration));
}

Result<ControlPlane::Impl::SealedCredentials> ControlPlane::Impl::unseal(
    const store::McpServerRow& row, std::string_view integration) const {
  const auto plain = vault->unseal(row.credentials, place_of(row, integration));
  const auto parsed = plain ? json::parse(plain->reveal()) : fail(ErrorCode::internal, "");
  const json::Value* const values = parsed ? parsed->find("credentials") : nullptr;
  if (values == nullptr || !values->is_object()) {
    return fail(ErrorCode::internal,
                "The credentials of the MCP server " + row.id + " do not open.",
                "Start with the master key that sealed them (or list it among the previous keys), "
                "or enter the credentials again.");
  }
  return SealedCredentials{.values = texts_in(*values->if_object()),
                           .origin = std::string(parsed->string_or("origin", ""))};
}

Result<std::string> sealed_origin(const vault::Vault& vault, const store::AccountRow& row) {
  auto sealed = open_sealed(vault, row);
  if (!sealed) return std::unexpected(std::move(sealed.error()));
  return std::move(sealed->origin);
}

bool ControlPlane::Impl::seal_again(store::AccountRow& row, const upstream::Account& live,
                                    std::vector<std::string>& problems) const {
  // Fails for what a previous key sealed as well as for what lies at the former place.
  if (vault->seals_with_current(row.credentials, place_of(row))) return false;
  const auto credentials = unseal(row);
  if (!credentials) return false;
  store::AccountRow changed = row;
  seal(changed, credentials->values, live.bound_to());
  if (const auto updated = update(changed); !updated) {
    // Changed by somebody else meanwhile, it was sealed anew by that.
    if (updated.error().code == ErrorCode::conflict) return false;
    problems.push_back("Integrated account " + row.id +
                       " could not be sealed again: " + updated.error().message);
    return false;
  }
  row = std::move(changed);
  return true;
}

bool ControlPlane::Impl::seal_again(store::McpServerRow& row, std::string_view integration,
                                    std::vector<std::string>& problems) const {
  if (row.credentials.bytes.empty() ||
      vault->seals_with_current(row.credentials, place_of(row, integration))) {
    return false;
  }
  const auto credentials = unseal(row, integration);
  if (!credentials) return problems.push_back(credentials.error().message), false;
  store::McpServerRow changed = row;
  seal(changed, integration, credentials->values, credentials->origin);
  if (const auto updated = update(changed); !updated) {
    if (updated.error().code == ErrorCode::conflict) return false;
    problems.push_back("MCP server " + row.id +
                       " could not be sealed again: " + updated.error().message);
    return false;
  }
  row = std::move(changed);
  return true;
}

Result<std::shared_ptr<const upstream::Account>> ControlPlane::Impl::open_account(
    std::string id, const std::shared_ptr<const catalog::ToolCatalog>& catalog,
    const Credentials& credentials, const json::Value& settings, const upstream::Account* before) {
  const auto time_zone = time_zone_of(settings);
  if (!time_zone) return std::unexpected(time_zone.error());
  // The integration lives in its catalog; both go together.
  const std::shared_ptr<const integration::Integration> integration(catalog,
                                                                    &catalog->integration());
  return upstream::Account::open(std::move(id), integration, credentials, *time_zone, before);
}

Result<std::shared_ptr<const upstream::Account>> ControlPlane::Impl::open_account(
    const store::AccountRow& row, const upstream::Account* before) const {
  const auto catalog = catalogs.find(row.integration);
  if (!catalog) return std::unexpected(catalog.error());
  const auto credentials = unseal(row);
  if (!credentials) return std::unexpected(credentials.error());
  auto live = open_account(row.id, *catalog, credentials->values, row.settings, before);
  if (!live || credentials->origin.empty()) return live;
  if (auto same = check_origin(**live, credentials->origin); !same) {
    return std::unexpected(same.error());
  }
  return live;
}

std::string ControlPlane::Impl::bound_origin(
    const SealedCredentials& stored, const store::AccountRow& row,
    const std::shared_ptr<const catalog::ToolCatalog>& catalog) {
  if (!stored.origin.empty()) return stored.origin;
  const auto before = open_account(row.id, catalog, stored.values, row.settings);
  return before ? (*before)->bound_to() : std::string("another address");
}

Result<> ControlPlane::Impl::check_origin(const upstream::Account& live, std::string_view bound) {
  if (live.bound_to() == bound) return {};
  // Without secrets: a definition may have put one into the address.
  return fail(ErrorCode::conflict,
              live.without_secrets("The credentials were entered for " + std::string(bound) +
                                   ", and would go to " + live.bound_to() + " now."),
              "Enter the credentials again, all of the secret ones.");
}

std::vector<std::string> ControlPlane::credential_names(const store::AccountRow& row) const {
  std::vector<std::string> names;
  if (const auto credentials = impl_->unseal(row)) {
    for (const auto& [name, value] : credentials->values) names.push_back(name);
  }
  return names;
}

Result<> ControlPlane::check_sealed(const store::AccountRow& row) const {
  const auto opened = impl_->unseal(row);
  return opened ? Result<>() : std::unexpected(opened.error());
}

Result<> ControlPlane::check_sealed(const store::McpServerRow& row,
                                    const store::AccountRow& account) const {
  if (row.credentials.bytes.empty()) return {};
  const auto opened = impl_->unseal(row, account.integration);
  return opened ? Result<>() : std::unexpected(opened.error());
}

std::vector<std::string> ControlPlane::notices(const store::AccountRow& row) const {
  const auto live = impl_->open_account(row);
  return live ? (*live)->put_right() : std::vector<std::string>();
}

}  // namespace patchbay::control
