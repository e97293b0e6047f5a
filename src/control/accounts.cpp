// Integrated accounts: connecting, changing, proving, removing.
#include <algorithm>

#include "base/random.h"
#include "base/text.h"
#include "control/names.h"
#include "control/state.h"
#include "control/tidings.h"

namespace patchbay::control {
namespace {

constexpr std::size_t kLongestCredential = 16'384;

// As they are stored.
json::Value with_time_zone(json::Value settings, const std::optional<std::string>& time_zone) {
  if (!settings.is_object()) settings = json::Object{};
  if (time_zone) {
    settings["time_zone"] = *time_zone;
  } else {
    settings.if_object()->erase("time_zone");
  }
  return settings;
}

json::Value changed_settings(const json::Value& settings, AccountChange::Settings wanted) {
  std::optional<std::string> time_zone;
  if (const json::Value* const stored = settings.find("time_zone")) {
    if (const std::string* const name = stored->if_string()) time_zone = *name;
  }
  apply(std::move(wanted.time_zone), time_zone);
  return with_time_zone(settings, time_zone);
}

// Error: a secret that is stored is not given anew.
Result<> all_secrets_given(const integration::Integration& integration,
                           const std::map<std::string, Secret>& stored,
                           const std::map<std::string, std::optional<Secret>>& changes) {
  std::vector<std::string> missing;
  for (const auto& field : integration.credentials) {
    const auto kept = stored.find(field.name);
    if (!field.secret || kept == stored.end() || kept->second.empty()) continue;
    const auto given = changes.find(field.name);
    const bool has_value = given != changes.end() && given->second && !given->second->empty();
    if (!has_value) missing.push_back(field.name);
  }
  if (missing.empty()) return {};
  return fail(ErrorCode::invalid_argument, "",
              "Give with it, in the same change: " + join(missing) +
                  ". A stored secret is not sent to an address that it was not entered for.");
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

// Whether somebody has to sign in before it can be used, so that it cannot be proved before.
bool waits_for_people(const upstream::Account& live) {
  return live.oauth() != nullptr && live.oauth()->asks_people();
}

void await_people(store::AccountRow& row, std::string why) {
  row.status = "needs_reauth";
  row.last_error = std::move(why);
}

}  // namespace

Result<> ControlPlane::Impl::check_credentials(const Credentials& credentials) {
  for (const auto& [name, value] : credentials) {
    if (value.reveal().size() > kLongestCredential) {
      return fail(ErrorCode::invalid_argument, "credentials." + std::string(cut_utf8(name, 100)) +
                                                   " must be a string of at most 16,384 bytes.");
    }
    // What a default would take the place of is not what was meant.
    if (trim(value.reveal()).empty()) {
      return fail(ErrorCode::invalid_argument,
                  "credentials." + std::string(cut_utf8(name, 100)) + " is empty.",
                  "Give a value, or leave it out where it has a default.");
    }
  }
  return {};
}

std::unexpected<Error> ControlPlane::Impl::connection_refused(std::string_view label,
                                                              const Error& error) {
  if (error.code == ErrorCode::rate_limited) return std::unexpected(error);
  return fail(ErrorCode::invalid_argument,
              "The connection to " + std::string(label) + " does not work: " + error.message,
              error.hint.empty() ? "Check the credentials, then try again." : error.hint);
}

Result<> ControlPlane::Impl::prove(const std::shared_ptr<const upstream::Account>& account,
                                   std::string_view environment_id) {
  const auto place = probing->take(environment_id, 1);
  if (!place) {
    if (options.limit_hit) options.limit_hit(environment_id, "probes");
    return fail(ErrorCode::rate_limited, "Several connections are being proved at this moment.",
                "Try again in a few seconds.");
  }
  return probe(account);
}

Result<store::AccountRow> ControlPlane::create_account(const Principal& principal,
                                                       NewAccount account) {
  Impl& impl = *impl_;
  store::AccountRow row;
  auto environment_id = impl.choose_environment(principal, account.environment_id);
  if (!environment_id) return std::unexpected(environment_id.error());
  row.environment_id = std::move(*environment_id);
  const auto catalog = impl.catalogs.find(account.integration);
  if (!catalog) {
    return fail(ErrorCode::invalid_argument, catalog.error().message, catalog.error().hint);
  }
  const integration::Integration& integration = (*catalog)->integration();
  auto name = check_name(account.name.empty() ? integration.label : account.name, "name");
  if (!name) return std::unexpected(name.error());
  auto tenant_id = check_label(account.tenant_id, "tenant_id");
  if (!tenant_id) return std::unexpected(tenant_id.error());
  if (auto fits = Impl::check_credentials(account.credentials); !fits) {
    return std::unexpected(fits.error());
  }

  row.id = random_id("acc");
  row.integration = integration.name;
  row.name = std::move(*name);
  row.tenant_id = std::move(*tenant_id);
  row.settings = with_time_zone(json::Object{}, account.settings.time_zone);
  row.created_by = principal.token_id;
  row.created_at = row.updated_at = impl.clock.now();
  const auto live = Impl::open_account(row.id, *catalog, account.credentials, row.settings);
  if (!live) return std::unexpected(live.error());
  impl.seal(row, account.credentials, (*live)->bound_to());
  if (waits_for_people(**live)) {
    await_people(row, "Nobody has signed this account in yet: make a connect link for it.");
  } else if (const auto proved = impl.prove(*live, row.environment_id); !proved) {
    return Impl::connection_refused(integration.label, proved.error());
  }

  const MutexLock turn(impl.changing);
  if (auto stands = impl.check_standing(principal); !stands) {
    return std::unexpected(stands.error());
  }
  if (auto inserted = impl.insert(row); !inserted) {
    return std::unexpected(inserted.error());
  }
  return row;
}

Result<store::AccountRow> ControlPlane::account(const Principal& principal,
                                                std::string_view id) const {
  return impl_->find_account(principal, id);
}

Result<std::vector<store::AccountRow>> ControlPlane::accounts(const Principal& principal,
                                                              const AccountQuery& query,
                                                              const Page& page) const {
  // Another environment than the principal's own has none for it.
  if (!query.environment_id.empty() && !Impl::may_see(principal, query.environment_id)) {
    return std::vector<store::AccountRow>();
  }
  store::AccountFilter filter{.environment_id = principal.environment_id.empty()
                                                    ? query.environment_id
                                                    : principal.environment_id,
                              .tenant_id = query.tenant_id,
                              .integration = query.integration,
                              .name = query.name};
  if (!principal.scope.accounts.empty()) filter.ids = principal.scope.accounts;
  return page_of(
      page, [&](const Page& next) { return impl_->repository.accounts(filter, next); },
      [&](const auto& row) {
        // Of a few accounts that are known by their ids, the name is looked at here.
        const bool fits =
            !filter.ids || query.name.empty() || to_lower(row.name).contains(to_lower(query.name));
        return fits && impl_->counts(row) && Impl::may_see_account(principal, row);
      });
}

std::optional<upstream::Allowance> ControlPlane::allowance(const store::AccountRow& row) const {
  std::shared_ptr<const upstream::Account> live;
  {
    const MutexLock lock(impl_->holding);
    const auto found = impl_->held.accounts.find(row.id);
    if (found != impl_->held.accounts.end()) live = found->second.live.lock();
  }
  if (!live) return std::nullopt;
  return live->throttle().allowance(impl_->clock.monotonic());
}

Result<std::int64_t> ControlPlane::mcp_server_count(const store::AccountRow& row) const {
  return impl_->repository.count_mcp_servers(row.id);
}

Result<store::AccountRow> ControlPlane::update_account(const Principal& principal,
                                                       std::string_view id, AccountChange wanted) {
  Impl& impl = *impl_;
  auto found = impl.find_account(principal, id);
  if (!found) return std::unexpected(found.error());
  store::AccountRow row = std::move(*found);
  const auto known = impl.catalogs.find(row.integration);
  const auto catalog = known ? *known : nullptr;
  if (wanted.name) {
    auto name = check_name(*wanted.name, "name");
    if (!name) return std::unexpected(name.error());
    row.name = std::move(*name);
  }
  if (wanted.tenant_id) {
    auto tenant_id = check_label(*wanted.tenant_id, "tenant_id");
    if (!tenant_id) return std::unexpected(tenant_id.error());
    row.tenant_id = std::move(*tenant_id);
  }
  if (wanted.settings) {
    row.settings = changed_settings(row.settings, std::move(*wanted.settings));
  }
  // New credentials or settings make a new connection; new credentials have to prove themselves.
  std::shared_ptr<const upstream::Account> live;
  std::string origin_before;
  if (wanted.credentials || wanted.settings) {
    if (const auto stored = impl.unseal(row); stored && catalog) {
      origin_before = Impl::bound_origin(*stored, row, catalog);
    }
    auto opened = impl.reopen_account(row, catalog, wanted.credentials);
    if (!opened) return std::unexpected(opened.error());
    live = std::move(*opened);
  }
  const bool by_people = live && waits_for_people(*live);
  if (wanted.credentials && by_people) {
    await_people(row,
                 "The credentials were changed: make a connect link, so that somebody signs "
                 "the account in anew.");
  } else if (wanted.credentials) {
    if (const auto proved = impl.prove(live, row.environment_id); !proved) {
      return Impl::connection_refused(catalog->integration().label, proved.error());
    }
    row.status = "active";
    row.last_error.clear();
  }
  const std::string origin = live ? live->bound_to() : origin_before;
  auto committed = impl.commit_account(principal, std::move(row), std::move(live));
  // What somebody said yes to was for the credentials of before.
  if (committed && wanted.credentials && by_people) {
    if (auto gone = impl.repository.grants().remove(committed->id); !gone) {
      return std::unexpected(gone.error());
    }
  }
  // They are bound to where it was and are not sent anywhere else, also where this fails.
  if (committed && origin != origin_before) impl.drop_own_credentials(*committed, origin);
  return committed;
}

Result<std::shared_ptr<const upstream::Account>> ControlPlane::Impl::reopen_account(
    store::AccountRow& row, const std::shared_ptr<const catalog::ToolCatalog>& catalog,
    const std::optional<CredentialChanges>& changes) const {
  if (!catalog) {
    return fail(ErrorCode::conflict,
                "The integration '" + row.integration + "' of this account is not loaded.");
  }
  auto stored = unseal(row);
  // Those that do not open any more can be replaced by a whole new set.
  if (!stored && changes) stored.emplace();
  if (!stored) return std::unexpected(stored.error());
  Credentials credentials = stored->values;
  for (const auto& [name, value] : changes.value_or(CredentialChanges{})) {
    if (value) {
      credentials.insert_or_assign(name, *value);
    } else {
      credentials.erase(name);
    }
  }
  if (auto fits = check_credentials(credentials); !fits) return std::unexpected(fits.error());
  auto live = open_account(row.id, catalog, credentials, row.settings);
  if (!live) return live;
  // Nothing was sent yet; and to another origin nothing of what is stored will be.
  if (auto same = check_origin(**live, bound_origin(*stored, row, catalog)); !same) {
    if (!changes) return std::unexpected(same.error());
    if (auto all = all_secrets_given(catalog->integration(), stored->values, *changes); !all) {
      return fail(ErrorCode::invalid_argument, same.error().message, all.error().hint);
    }
  }
  if (changes) seal(row, credentials, (*live)->bound_to());
  return live;
}

Result<store::AccountRow> ControlPlane::Impl::commit_account(
    const Principal& principal, store::AccountRow row,
    std::shared_ptr<const upstream::Account> live, ToBeTold told) {
  const MutexLock turn(changing);
  if (auto stands = check_standing(principal); !stands) return std::unexpected(stands.error());
  row.updated_at = std::max(clock.now(), row.updated_at + std::chrono::milliseconds(1));
  const auto updated = told == ToBeTold::needs_reauth
                           ? update(row, tell_needs_reauth(*vault, row, clock.now()))
                           : update(row);
  if (!updated) {
    if (updated.error().code == ErrorCode::not_found) {
      return fail(ErrorCode::not_found, "The integrated account was deleted in the meantime.");
    }
    if (updated.error().code == ErrorCode::conflict) {
      return fail(ErrorCode::conflict, "The integrated account was changed in the meantime.",
                  "Read it again, then repeat the change.");
    }
    return std::unexpected(updated.error());
  }
  Change change(*this);
  remember_account(row, live, change);
  return row;
}

Result<store::AccountRow> ControlPlane::probe_account(const Principal& principal,
                                                      std::string_view id) {
  Impl& impl = *impl_;
  auto before = impl.find_account(principal, id);
  if (!before) return std::unexpected(before.error());
  const auto live = [&] {
    const MutexLock lock(impl.holding);
    return impl.connection_of(*before);
  }();
  const Result<> outcome =
      live ? impl.prove(*live, before->environment_id)
           : fail(ErrorCode::invalid_argument, live.error().message, live.error().hint);
  if (!outcome && outcome.error().code == ErrorCode::rate_limited) {
    return std::unexpected(outcome.error());
  }
  store::AccountRow row = *before;
  record(row, outcome);
  if (row.status == before->status && row.last_error == before->last_error) return before;
  const bool is_news = row.status == "needs_reauth" && before->status != row.status;
  auto committed =
      impl.commit_account(principal, std::move(row), nullptr,
                          is_news ? Impl::ToBeTold::needs_reauth : Impl::ToBeTold::nothing);
  // Changed meanwhile, so what was proved is not what is there now: its own change said how it is.
  if (!committed && committed.error().code == ErrorCode::conflict) return account(principal, id);
  return committed;
}

Result<store::AccountRow> ControlPlane::signed_in(const Principal& principal, std::string_view id) {
  Impl& impl = *impl_;
  auto row = impl.find_account(principal, id);
  if (!row) return row;
  const auto live = impl.open_account(*row);
  if (!live) return std::unexpected(live.error());
  const auto outcome = impl.prove(*live, row->environment_id);
  // Where it cannot be told for now, it was signed in all the same.
  row->status = "active";
  record(*row, outcome);
  return impl.commit_account(principal, std::move(*row), *live);
}

Result<std::shared_ptr<const upstream::Account>> ControlPlane::fresh_connection(
    const store::AccountRow& row) const {
  return impl_->open_account(row);
}

Result<Revoked> ControlPlane::delete_account(const Principal& principal, std::string_view id) {
  if (auto stands = impl_->check_standing(principal); !stands) {
    return std::unexpected(stands.error());
  }
  if (const auto found = impl_->find_account(principal, id); !found) {
    return std::unexpected(found.error());
  }
  return impl_->take_away(
      principal, {store::Revocation::Kind::account, std::string(id)},
      [&](Change& change) PATCHBAY_LOCKS_UNCHECKED { impl_->drop_account(id, change); },
      [&] { return impl_->repository.delete_account(id); });
}

void ControlPlane::mark_needs_reauth(std::string_view account_id, std::string_view reason) {
  Impl& impl = *impl_;
  {
    const MutexLock lock(impl.holding);
    const auto known = impl.held.accounts.find(account_id);
    if (known != impl.held.accounts.end() && known->second.row.status == "needs_reauth") return;
  }
  const MutexLock turn(impl.changing);
  // If the database is away or somebody else changes it, the next refused call tries again.
  auto row = impl.stored_account(account_id);
  if (!row || !*row || (*row)->status == "needs_reauth") return;
  (*row)->status = "needs_reauth";
  (*row)->last_error = cut_utf8(reason, kLongestError);
  (*row)->updated_at =
      std::max(impl.clock.now(), (*row)->updated_at + std::chrono::milliseconds(1));
  const store::Message told = tell_needs_reauth(*impl.vault, **row, (*row)->updated_at);
  if (!impl.update(**row, told)) return;
  Change change(impl);
  impl.remember_account(std::move(**row), nullptr, change);
}

}  // namespace patchbay::control
