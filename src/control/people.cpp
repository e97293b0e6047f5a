// MCP servers that are a member's: whose they are is asked of the upstream when it is set, and
// their calls are made with that member's own credentials where it has any.
//
// A server that has signed in as a member never goes back to the account's credentials by itself:
// what it wrote would be somebody else's, and it might reach further. Where its own cannot be used
// it is signed out, and nothing is sent for it until an operator says what is to be.
#include <algorithm>
#include <utility>

#include "base/text.h"
#include "control/server_member.h"
#include "control/state.h"
#include "control/tidings.h"

namespace patchbay::control {
namespace {

constexpr std::size_t kServersAtOnce = 500;

std::unexpected<Error> refuse_member(std::string message, std::string hint = {}) {
  return fail(ErrorCode::invalid_argument, std::move(message), std::move(hint));
}

// Whatever the upstream said is the caller's to mend, but for what passes by itself.
std::unexpected<Error> refuse_member(const Error& error) {
  if (error.code == ErrorCode::rate_limited || error.code == ErrorCode::unavailable) {
    return std::unexpected(error);
  }
  return refuse_member(error.message, error.hint);
}

// Whether an API that does not tell whose keys sign it in may be asked about a member by name.
bool does_not_tell(const Error& error) {
  return error.code == ErrorCode::not_found || error.code == ErrorCode::permission_denied ||
         error.code == ErrorCode::upstream;
}

bool is_named(const upstream::Member& member, std::string_view named) {
  return named.empty() || parse_int64(named) == member.id ||
         equal_ignoring_case(named, member.login);
}

}  // namespace

std::shared_ptr<const upstream::Member> member_of(const store::McpServerRow& row) {
  const std::int64_t id = row.member.int64_or("id", 0);
  if (id == 0) return nullptr;
  return std::make_shared<const upstream::Member>(
      upstream::Member{.id = id,
                       .login = std::string(row.member.string_or("login", "")),
                       .name = std::string(row.member.string_or("name", ""))});
}

bool signs_in_as_member(const store::McpServerRow& row) {
  return row.member.bool_or("own_credentials", false);
}

json::Value to_json(const upstream::Member& member, bool own_credentials) {
  return json::Object{{"id", member.id},
                      {"login", member.login},
                      {"name", member.name},
                      {"own_credentials", own_credentials}};
}

std::shared_ptr<const upstream::Account> ControlPlane::Impl::connection_for(
    const store::McpServerRow& row, const std::shared_ptr<const upstream::Account>& account) {
  if (!signs_in_as_member(row)) return account;
  // Calls that run keep theirs where nothing of it has changed, and go on where only the definition
  // has.
  const upstream::Account* before = nullptr;
  const auto found = held.servers.find(row.id);
  if (found != held.servers.end() && found->second.row.credentials.bytes == row.credentials.bytes &&
      signs_in_as_member(found->second.row)) {
    const McpServer& was = *found->second.live;
    if (was.base == account) return was.account;
    if (was.base->is_same_connection(*account)) before = was.account.get();
  }
  if (row.credentials.bytes.empty()) {
    return account->signed_out(row.id, "The member's own credentials are not set any more.");
  }
  const auto own = unseal(row, account->integration().name);
  if (!own) return account->signed_out(row.id, own.error().message);
  if (const auto same = check_origin(*account, own->origin); !same) {
    return account->signed_out(row.id, same.error().message);
  }
  auto opened = account->of_member(row.id, own->values, before);
  return opened ? *opened : account->signed_out(row.id, opened.error().message);
}

Result<upstream::Member> ControlPlane::Impl::whose(
    const std::shared_ptr<const upstream::Account>& own,
    const std::shared_ptr<const upstream::Account>& account, const std::string& named,
    std::string_view environment_id) {
  const auto place = probing->take(environment_id, 1);
  if (!place) {
    if (options.limit_hit) options.limit_hit(environment_id, "probes");
    return fail(ErrorCode::rate_limited, "Several connections are being proved at this moment.",
                "Try again in a few seconds.");
  }
  if (own == nullptr) {
    auto member = options.find_member(account, named);
    return member ? std::move(member) : refuse_member(member.error());
  }
  auto member = options.find_member(own, "");
  if (member) {
    if (is_named(*member, named)) return member;
    return refuse_member(
        "The credentials are of " + member->label() + ", and not of '" + named + "'.",
        "Give that member's own, or leave 'member' out.");
  }
  if (!does_not_tell(member.error())) return refuse_member(member.error());
  if (named.empty()) {
    return refuse_member("The credentials work, but " + account->integration().label +
                             " does not tell whose they are.",
                         "Name the member as well: 'member', by login or id.");
  }
  // By the account, which reads members as a rule; a member's own may not.
  member = options.find_member(account, named);
  return member ? std::move(member) : refuse_member(member.error());
}

Result<> ControlPlane::Impl::settle_member(store::McpServerRow& row,
                                           const store::AccountRow& account,
                                           const Edit<std::string>& member,
                                           const Edit<OwnCredentials>& credentials) {
  const auto live = [&] {
    const MutexLock lock(holding);
    return usable_connection_of(account);
  }();
  if (!live) return std::unexpected(live.error());
  const integration::Integration& integration = (*live)->integration();
  const std::string* const named = std::get_if<std::string>(&member);
  if (named != nullptr && (trim(*named).empty() || named->size() > 200)) {
    return refuse_member("'member' must be the login or the id of a member.");
  }
  const OwnCredentials* const given = std::get_if<OwnCredentials>(&credentials);
  const bool asks = named != nullptr || given != nullptr;
  if (asks && (!options.find_member || integration.members.resource.empty())) {
    return refuse_member("MCP servers of " + integration.label + " cannot be a member's.");
  }

  std::optional<OwnCredentials> own;
  if (given != nullptr) {
    own = *given;
  } else if (std::holds_alternative<Keep>(credentials) && signs_in_as_member(row)) {
    auto stored = unseal(row, account.integration);
    if (!stored) return std::unexpected(stored.error());
    own = std::move(stored->values);
  }
  if (own && std::holds_alternative<Clear>(member)) {
    return refuse_member("The server signs in as that member.",
                         "Take its credentials away as well: credentials: null.");
  }
  if (!own) {
    if (named != nullptr) {
      const auto found = whose(nullptr, *live, std::string(trim(*named)), row.environment_id);
      if (!found) return std::unexpected(found.error());
      row.member = to_json(*found, false);
    } else if (std::holds_alternative<Clear>(member)) {
      row.member = json::Object{};
    } else if (signs_in_as_member(row)) {
      row.member["own_credentials"] = false;
    }
    row.credentials = {};
    row.status = "active";
    row.last_error.clear();
    return {};
  }

  if (auto fits = check_credentials(*own); !fits) return fits;
  const auto signed_in = (*live)->of_member(row.id, *own);
  if (!signed_in) return std::unexpected(signed_in.error());
  if (given != nullptr) {
    if (const auto proved = prove(*signed_in, row.environment_id); !proved) {
      return connection_refused(integration.label + " with the member's own credentials",
                                proved.error());
    }
  }
  const auto found =
      whose(*signed_in, *live, named != nullptr ? std::string(trim(*named)) : std::string(),
            row.environment_id);
  if (!found) return std::unexpected(found.error());
  row.member = to_json(*found, true);
  seal(row, account.integration, *own, (*signed_in)->bound_to());
  row.status = "active";
  row.last_error.clear();
  return {};
}

Result<store::McpServerRow> ControlPlane::Impl::with_member(const Principal& principal,
                                                            std::string_view account_id,
                                                            std::string_view id,
                                                            const McpServerChange& wanted) {
  if (auto stands = check_standing(principal); !stands) return std::unexpected(stands.error());
  const auto account = find_account(principal, account_id);
  if (!account) return std::unexpected(account.error());
  auto row = find_server(principal, account_id, id);
  if (!row) return row;
  auto settled = settle_member(*row, *account, wanted.member, wanted.credentials);
  if (!settled) return std::unexpected(std::move(settled.error()));
  const auto now_is = find_account(principal, account_id);
  if (!now_is) return std::unexpected(now_is.error());
  if (now_is->credentials.bytes == account->credentials.bytes) return row;
  return fail(ErrorCode::conflict, "The integrated account was changed in the meantime.",
              "Repeat the request.");
}

Result<> ControlPlane::Impl::commit_needs_reauth(store::McpServerRow row, std::string_view why) {
  row.status = "needs_reauth";
  row.last_error = cut_utf8(why, kLongestError);
  return commit_member(std::move(row), true);
}

Result<> ControlPlane::Impl::commit_member(store::McpServerRow row, bool needs_reauth) {
  row.updated_at = std::max(clock.now(), row.updated_at + std::chrono::milliseconds(1));
  const std::uint64_t before = touched_by_now();
  auto updated = needs_reauth ? update(row, tell_server_needs_reauth(*vault, row, row.updated_at))
                              : update(row);
  if (!updated) return updated;
  {
    const MutexLock lock(holding);
    touch(row.id);
    if (!held.servers.contains(row.id)) return {};
  }
  const auto account = open_connection(row.account_id);
  Change change(*this);
  // Its connection is another one where its credentials are.
  auto live = account ? derive_server(row, *account) : std::unexpected(account.error());
  if (!live) return drop_server(row.id, change), Result<>();
  hold_committed(row, std::move(*live), before, change);
  return {};
}

void ControlPlane::Impl::drop_own_credentials(const store::AccountRow& account,
                                              std::string_view origin) {
  Page page{.limit = kServersAtOnce};
  while (true) {
    const auto rows = repository.mcp_servers(account.id, clock.now(), page);
    if (!rows) return report("Credentials of members: " + rows.error().message);
    for (const store::McpServerRow& one : *rows) {
      if (one.credentials.bytes.empty()) continue;
      const MutexLock turn(changing);
      auto row = stored_server(one.id);
      if (!row || !*row || (*row)->credentials.bytes.empty()) continue;
      // Entered for where it is now, a moment ago.
      if (const auto own = unseal(**row, account.integration); own && own->origin == origin) {
        continue;
      }
      (*row)->credentials = {};
      const std::string why = "The integrated account is at " + std::string(origin) +
                              " now; the member's credentials were entered for another.";
      if (auto done = commit_needs_reauth(std::move(**row), why); !done) {
        report("MCP server " + one.id + ": " + done.error().message);
      }
    }
    if (rows->size() < page.limit) return;
    page.after = {rows->back().created_at, rows->back().id};
  }
}

void ControlPlane::mark_server_needs_reauth(std::string_view server_id, std::string_view reason) {
  Impl& impl = *impl_;
  {
    const MutexLock lock(impl.holding);
    const auto known = impl.held.servers.find(server_id);
    if (known != impl.held.servers.end() && known->second.row.status == "needs_reauth") return;
  }
  const MutexLock turn(impl.changing);
  auto row = impl.stored_server(server_id);
  // Of the account's own credentials, the account tells.
  if (!row || !*row || (*row)->status == "needs_reauth" || !signs_in_as_member(**row)) return;
  static_cast<void>(impl.commit_needs_reauth(std::move(**row), reason));
}

}  // namespace patchbay::control
