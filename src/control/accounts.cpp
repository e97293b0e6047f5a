// Integrated accounts: connecting, changing, proving, removing.
#include <algorithm>

#include "base/random.h"
#include "base/text.h"
#include "control/members.h"
#include "control/state.h"

namespace patchbay::control {
namespace {

constexpr std::size_t kLongestError = 500;  // bytes of last_error
constexpr std::size_t kLongestCredential = 16'384;

Result<json::Value> read_settings(json::Value settings) {
  if (settings.is_null()) return json::Value(json::Object{});
  const json::Object* const object = settings.if_object();
  if (object == nullptr) return fail(ErrorCode::invalid_argument, "'settings' must be an object.");
  if (auto known = only_known_members(*object, "settings", {"time_zone"}); !known) {
    return std::unexpected(known.error());
  }
  const json::Value* const zone = object->find("time_zone");
  if (zone != nullptr && !zone->is_string()) {
    return fail(ErrorCode::invalid_argument, "settings.time_zone must be the name of a time zone.",
                "For instance 'Europe/London'.");
  }
  return settings;
}

// The credentials with those of `patch` laid over them; null removes one.
Result<std::map<std::string, Secret>> merge_credentials(std::map<std::string, Secret> credentials,
                                                        const json::Value& patch) {
  const json::Object* const object = patch.if_object();
  if (object == nullptr) {
    return fail(ErrorCode::invalid_argument, "'credentials' must be an object of strings.");
  }
  for (const auto& [name, value] : *object) {
    if (value.is_null()) {
      credentials.erase(name);
      continue;
    }
    const std::string* const text = value.if_string();
    if (text == nullptr || text->size() > kLongestCredential) {
      return fail(ErrorCode::invalid_argument, "credentials." + std::string(cut_utf8(name, 100)) +
                                                   " must be a string of at most 16,384 bytes.");
    }
    credentials.insert_or_assign(name, Secret(*text));
  }
  return credentials;
}

// What the caller is told when the upstream refuses: always the caller's to mend (a code of its own
// would look like a refusal of the API token).
std::unexpected<Error> connection_refused(std::string_view label, const Error& error) {
  if (error.code == ErrorCode::rate_limited) return std::unexpected(error);
  return fail(ErrorCode::invalid_argument,
              "The connection to " + std::string(label) + " does not work: " + error.message,
              error.hint.empty() ? "Check the credentials, then try again." : error.hint);
}

void record(store::AccountRow& row, const Result<>& outcome) {
  if (outcome) {
    row.status = "active";
    row.last_error.clear();
    return;
  }
  row.last_error = cut_utf8(outcome.error().message, kLongestError);
  switch (outcome.error().code) {
    case ErrorCode::unauthenticated:
    case ErrorCode::permission_denied:
      row.status = "needs_reauth";
      break;
    case ErrorCode::invalid_argument:
      row.status = "validation_error";
      break;
    default:  // unreachable for now: says nothing about the credentials
      break;
  }
}

}  // namespace

Result<> ControlPlane::Impl::prove(const std::shared_ptr<const upstream::Account>& account) {
  struct Slot {
    std::atomic<int>& taken;
    ~Slot() { taken.fetch_sub(1); }
  };
  const int others = probing.fetch_add(1);
  const Slot slot{probing};
  if (others >= options.most_probes) {
    return fail(ErrorCode::rate_limited, "Several connections are being proved at this moment.",
                "Try again in a few seconds.");
  }
  return probe(account);
}

Result<store::AccountRow> ControlPlane::create_account(const Principal& principal,
                                                       NewAccount account) {
  Impl& impl = *impl_;
  store::AccountRow row;
  std::shared_ptr<const catalog::ToolCatalog> catalog;
  {
    const Reading reading(impl.rows);
    auto environment_id = impl.choose_environment(principal, account.environment_id);
    if (!environment_id) return std::unexpected(environment_id.error());
    row.environment_id = std::move(*environment_id);
    auto found = impl.find_catalog(account.integration);
    if (!found) {
      return fail(ErrorCode::invalid_argument, found.error().message, found.error().hint);
    }
    catalog = std::move(*found);
  }
  const integration::Integration& integration = catalog->integration();
  const json::Value given_name(account.name.empty() ? integration.label : account.name);
  auto name = read_name(&given_name, "name");
  if (!name) return std::unexpected(name.error());
  auto tenant_id = read_label(json::Value(account.tenant_id), "tenant_id");
  if (!tenant_id) return std::unexpected(tenant_id.error());
  auto settings = read_settings(std::move(account.settings));
  if (!settings) return std::unexpected(settings.error());

  row.id = random_id("acc");
  row.integration = integration.name;
  row.name = std::move(*name);
  row.tenant_id = std::move(*tenant_id);
  row.settings = std::move(*settings);
  row.created_by = principal.token_id;
  row.created_at = row.updated_at = impl.clock.now();
  row.credentials = impl.seal(account.credentials, row.id);
  const auto live = Impl::open_account(row.id, catalog, account.credentials, row.settings);
  if (!live) return std::unexpected(live.error());
  if (const auto proved = impl.prove(*live); !proved) {
    return connection_refused(integration.label, proved.error());
  }

  const Writing writing(impl.rows);
  if (auto inserted = impl.repository.insert(row); !inserted) {
    return std::unexpected(inserted.error());
  }
  const Applying applying(impl.rows);
  impl.rows.change().accounts[row.id] = {.row = row, .live = *live, .problem = {}, .servers = {}};
  return row;
}

Result<store::AccountRow> ControlPlane::account(const Principal& principal,
                                                std::string_view id) const {
  const Reading reading(impl_->rows);
  const auto found = impl_->find_account(principal, id);
  if (!found) return std::unexpected(found.error());
  return (*found)->row;
}

Result<std::vector<store::AccountRow>> ControlPlane::accounts(const Principal& principal,
                                                              const AccountQuery& query,
                                                              const Page& page) const {
  const Reading reading(impl_->rows);
  const auto fits = [](const std::string& wanted, const std::string& value) {
    return wanted.empty() || wanted == value;
  };
  std::vector<const store::AccountRow*> rows;
  for (const auto& [id, entry] : impl_->rows.read().accounts) {
    const store::AccountRow& row = entry.row;
    if (Impl::may_see(principal, row.environment_id) &&
        fits(query.environment_id, row.environment_id) && fits(query.tenant_id, row.tenant_id) &&
        fits(query.integration, row.integration)) {
      rows.push_back(&row);
    }
  }
  return take_page(std::move(rows), page);
}

Result<store::AccountRow> ControlPlane::update_account(const Principal& principal,
                                                       std::string_view id,
                                                       const json::Object& patch) {
  Impl& impl = *impl_;
  if (auto known = only_known_members(patch, "", {"name", "tenant_id", "settings", "credentials"});
      !known) {
    return std::unexpected(known.error());
  }
  store::AccountRow before;
  std::shared_ptr<const catalog::ToolCatalog> catalog;
  {
    const Reading reading(impl.rows);
    const auto found = impl.find_account(principal, id);
    if (!found) return std::unexpected(found.error());
    before = (*found)->row;
    if (const auto known = impl.find_catalog(before.integration)) catalog = *known;
  }
  store::AccountRow row = before;
  if (const json::Value* const value = patch.find("name")) {
    auto name = read_name(value, "name");
    if (!name) return std::unexpected(name.error());
    row.name = std::move(*name);
  }
  if (const json::Value* const value = patch.find("tenant_id")) {
    auto tenant_id = read_label(value->is_null() ? json::Value("") : *value, "tenant_id");
    if (!tenant_id) return std::unexpected(tenant_id.error());
    row.tenant_id = std::move(*tenant_id);
  }
  if (const json::Value* const value = patch.find("settings")) {
    if (!value->is_object()) {
      return fail(ErrorCode::invalid_argument, "'settings' must be an object.");
    }
    auto settings = read_settings(merge_shallowly(row.settings, *value->if_object()));
    if (!settings) return std::unexpected(settings.error());
    row.settings = std::move(*settings);
  }

  // New credentials or settings make a new connection; new credentials have to prove themselves.
  std::shared_ptr<const upstream::Account> live;
  const json::Value* const new_credentials = patch.find("credentials");
  if (new_credentials != nullptr || patch.contains("settings")) {
    if (!catalog) {
      return fail(ErrorCode::conflict,
                  "The integration '" + row.integration + "' of this account is not loaded.");
    }
    auto credentials = impl.unseal(row);
    // Those that do not open any more can be replaced by a whole new set.
    if (!credentials && new_credentials != nullptr) credentials.emplace();
    if (!credentials) return std::unexpected(credentials.error());
    if (new_credentials != nullptr) {
      credentials = merge_credentials(std::move(*credentials), *new_credentials);
      if (!credentials) return std::unexpected(credentials.error());
      row.credentials = impl.seal(*credentials, row.id);
    }
    auto opened = Impl::open_account(row.id, catalog, *credentials, row.settings);
    if (!opened) return std::unexpected(opened.error());
    live = std::move(*opened);
  }
  if (new_credentials != nullptr) {
    if (const auto proved = impl.prove(live); !proved) {
      return connection_refused(catalog->integration().label, proved.error());
    }
    row.status = "active";
    row.last_error.clear();
  }
  return impl.commit_account(before, std::move(row), std::move(live));
}

Result<store::AccountRow> ControlPlane::Impl::commit_account(
    const store::AccountRow& before, store::AccountRow row,
    std::shared_ptr<const upstream::Account> live) {
  std::optional<Change> change;
  {
    const Writing writing(rows);
    const auto found = rows.read().accounts.find(row.id);
    if (found == rows.read().accounts.end()) {
      return fail(ErrorCode::not_found, "The integrated account was deleted in the meantime.");
    }
    const store::AccountRow& present = found->second.row;
    if (present.updated_at != before.updated_at ||
        present.credentials.bytes != before.credentials.bytes) {
      return fail(ErrorCode::conflict, "The integrated account was changed in the meantime.",
                  "Read it again, then repeat the change.");
    }
    row.updated_at = std::max(clock.now(), before.updated_at + std::chrono::milliseconds(1));
    if (auto updated = repository.update(row); !updated) return std::unexpected(updated.error());
    change.emplace(begin_change());
    const bool reconnected = live != nullptr;
    {
      const Applying applying(rows);
      AccountEntry& entry = rows.change().accounts.find(row.id)->second;
      entry.row = row;
      if (reconnected) {
        entry.live = std::move(live);
        entry.problem.clear();
      }
    }
    if (reconnected) (void)derive_servers_of(row.id, *change);
    publish(*change);
  }
  announce(*change);
  return row;
}

Result<store::AccountRow> ControlPlane::probe_account(const Principal& principal,
                                                      std::string_view id) {
  Impl& impl = *impl_;
  store::AccountRow before;
  std::shared_ptr<const upstream::Account> live;
  Result<> outcome;
  {
    const Reading reading(impl.rows);
    const auto found = impl.find_account(principal, id);
    if (!found) return std::unexpected(found.error());
    before = (*found)->row;
    live = (*found)->live;
    if (!live) outcome = fail(ErrorCode::invalid_argument, (*found)->problem);
  }
  if (live) outcome = impl.prove(live);
  if (!outcome && outcome.error().code == ErrorCode::rate_limited) {
    return std::unexpected(outcome.error());
  }
  store::AccountRow row = before;
  record(row, outcome);
  if (row.status == before.status && row.last_error == before.last_error) return before;
  auto committed = impl.commit_account(before, std::move(row), nullptr);
  // Changed meanwhile, so what was proved is not what is there now: its own change said how it is.
  if (!committed && committed.error().code == ErrorCode::conflict) return account(principal, id);
  return committed;
}

Result<> ControlPlane::delete_account(const Principal& principal, std::string_view id) {
  Impl& impl = *impl_;
  std::optional<Change> change;
  {
    const Writing writing(impl.rows);
    const auto found = impl.find_account(principal, id);
    if (!found) return std::unexpected(found.error());
    if (auto deleted = impl.repository.delete_account(id); !deleted) return deleted;
    change.emplace(impl.begin_change());
    impl.drop_account(id, *change);
    impl.publish(*change);
  }
  impl.announce(*change);
  return {};
}

bool ControlPlane::Impl::needs_reauth_already(std::string_view account_id) const {
  const auto found = rows.read().accounts.find(account_id);
  return found == rows.read().accounts.end() || found->second.row.status == "needs_reauth";
}

void ControlPlane::mark_needs_reauth(std::string_view account_id, std::string_view reason) {
  Impl& impl = *impl_;
  {
    const Reading reading(impl.rows);
    if (impl.needs_reauth_already(account_id)) return;
  }
  const Writing writing(impl.rows);
  if (impl.needs_reauth_already(account_id)) return;
  store::AccountRow row = impl.rows.read().accounts.find(account_id)->second.row;
  row.status = "needs_reauth";
  row.last_error = cut_utf8(reason, kLongestError);
  row.updated_at = std::max(impl.clock.now(), row.updated_at + std::chrono::milliseconds(1));
  // If the database is away, the next refused call tries again.
  if (!impl.repository.update(row)) return;
  const Applying applying(impl.rows);
  impl.rows.change().accounts.find(account_id)->second.row = std::move(row);
}

}  // namespace patchbay::control
