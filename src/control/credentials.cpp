// Credentials: a JSON object of strings, sealed with the account's id, and opened only to make the
// account that calls.
#include "control/state.h"
#include "json/parse.h"
#include "json/write.h"

namespace patchbay::control {
namespace {

std::string place_of(std::string_view account_id) {
  return "integrated_account/" + std::string(account_id);
}

Result<TimeZone> time_zone_of(const json::Value& settings) {
  const std::string_view name = settings.string_or("time_zone", "");
  if (name.empty()) return TimeZone::utc();
  return TimeZone::find(name);
}

}  // namespace

vault::SealedBytes ControlPlane::Impl::seal(const std::map<std::string, Secret>& credentials,
                                            std::string_view account_id) const {
  std::string text = "{";
  for (const auto& [name, value] : credentials) {
    if (text.size() > 1) text += ',';
    json::append_string(text, name);
    text += ':';
    json::append_string(text, value.reveal());
  }
  text += '}';
  return vault->seal(Secret(std::move(text)), place_of(account_id));
}

Result<std::map<std::string, Secret>> ControlPlane::Impl::unseal(
    const store::AccountRow& row) const {
  const auto plain = vault->unseal(row.credentials, place_of(row.id));
  const auto parsed = plain ? json::parse(plain->reveal()) : fail(ErrorCode::internal, "");
  if (!parsed || !parsed->is_object()) {
    return fail(ErrorCode::internal,
                "The credentials of the integrated account " + row.id + " do not open.",
                "Start with the master key that sealed them (or list it among the previous keys), "
                "or enter the credentials again.");
  }
  std::map<std::string, Secret> credentials;
  for (const auto& [name, value] : *parsed->if_object()) {
    if (const std::string* const text = value.if_string()) credentials[name] = Secret(*text);
  }
  return credentials;
}

bool ControlPlane::Impl::sealed_with_current_key(const store::AccountRow& row) const {
  return vault->seals_with_current(row.credentials, place_of(row.id));
}

void ControlPlane::Impl::seal_again(store::AccountRow& row, std::vector<std::string>& problems) {
  const auto credentials = unseal(row);
  if (!credentials || sealed_with_current_key(row)) return;
  store::AccountRow changed = row;
  changed.credentials = seal(*credentials, row.id);
  if (const auto updated = repository.update(changed); !updated) {
    problems.push_back("Integrated account " + row.id +
                       " could not be sealed with the new key: " + updated.error().message);
    return;
  }
  row = std::move(changed);
}

Result<std::shared_ptr<const upstream::Account>> ControlPlane::Impl::open_account(
    std::string id, const std::shared_ptr<const catalog::ToolCatalog>& catalog,
    const std::map<std::string, Secret>& credentials, const json::Value& settings) {
  const auto time_zone = time_zone_of(settings);
  if (!time_zone) return std::unexpected(time_zone.error());
  // The integration lives in its catalog; both go together.
  const std::shared_ptr<const integration::Integration> integration(catalog,
                                                                    &catalog->integration());
  return upstream::Account::open(std::move(id), integration, credentials, *time_zone);
}

Result<std::shared_ptr<const upstream::Account>> ControlPlane::Impl::open_account(
    const store::AccountRow& row) const {
  const auto catalog = find_catalog(row.integration);
  if (!catalog) return std::unexpected(catalog.error());
  const auto credentials = unseal(row);
  if (!credentials) return std::unexpected(credentials.error());
  return open_account(row.id, *catalog, *credentials, row.settings);
}

std::vector<std::string> ControlPlane::credential_names(const store::AccountRow& row) const {
  std::vector<std::string> names;
  if (const auto credentials = impl_->unseal(row)) {
    for (const auto& [name, value] : *credentials) names.push_back(name);
  }
  return names;
}

std::vector<std::string> ControlPlane::notices(std::string_view account_id) const {
  const Reading reading(impl_->rows);
  const auto& accounts = impl_->rows.read().accounts;
  const auto found = accounts.find(account_id);
  if (found == accounts.end() || !found->second.live) return {};
  return found->second.live->put_right();
}

}  // namespace patchbay::control
