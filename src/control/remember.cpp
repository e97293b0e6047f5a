// What is held of rows, together with what the snapshot shows of it.
#include <algorithm>
#include <utility>

#include "control/state.h"

namespace patchbay::control {
namespace {

// A tool as lists of tools have it, rendered: 48,000 tokens are 268 of them.
constexpr std::size_t kBytesOfTool = 700;

// As many as are changed while a row is read, and some.
constexpr std::size_t kMostTouched = 4'096;

// All that open it.
std::vector<vault::TokenHash> tokens_of(const store::McpServerRow& row) {
  std::vector<vault::TokenHash> all{row.hash};
  if (row.previous) all.push_back(row.previous->hash);
  return all;
}

}  // namespace

void ControlPlane::Impl::touch(std::string_view id) {
  touched.emplace_back(id);
  ++touched_ever;
  if (touched.size() > kMostTouched) touched.pop_front();
}

bool ControlPlane::Impl::touched_since(std::uint64_t before,
                                       std::initializer_list<std::string_view> ids) const {
  const std::uint64_t since = touched_ever - before;
  if (since > touched.size()) return true;
  return std::any_of(
      touched.end() - static_cast<std::ptrdiff_t>(since), touched.end(),
      [&](const std::string& id) { return std::ranges::find(ids, id) != ids.end(); });
}

bool ControlPlane::Impl::touched_since(std::uint64_t before, const store::McpServerRow& row) const {
  return touched_since(before, {row.id, row.account_id, row.environment_id});
}

bool ControlPlane::Impl::touched_since(std::uint64_t before, const store::ApiTokenRow& row) const {
  return touched_since(before, {row.id, row.environment_id});
}

std::uint64_t ControlPlane::Impl::touched_by_now() {
  const MutexLock lock(holding);
  return touched_ever;
}

void ControlPlane::Impl::hold_committed(const store::ApiTokenRow& row, std::uint64_t before,
                                        Change& change) {
  if (held.tokens.contains(row.id) || !touched_since(before, row)) hold_api_token(row, change);
}

void ControlPlane::Impl::hold_committed(const store::McpServerRow& row,
                                        std::shared_ptr<const McpServer> live, std::uint64_t before,
                                        Change& change) {
  if (held.servers.contains(row.id) || !touched_since(before, row)) {
    hold_server(row, std::move(live), change);
  }
}

void ControlPlane::Impl::hold_api_token(const store::ApiTokenRow& row, Change& change) {
  touch(row.id);
  if (row.expires_at) change.expiry_changed = true;
  auto scope = read_token_scope(row.scope, row.limits);
  if (!scope) return drop_api_token(row.id, change);
  if (const auto found = held.tokens.find(row.id);
      found != held.tokens.end() && found->second.version > row.version) {
    return;
  }
  HeldToken& token = held.tokens[row.id];
  if (token.use == nullptr) {
    token.use = std::make_shared<Use>();
  } else {
    held_bytes -= Held::bytes_of(token);
    if (token.hash != row.hash) change.snapshot().erase_api_token(token.hash);
  }
  token.use->note(holder.epoch());
  token.hash = row.hash;
  token.environment_id = row.environment_id;
  token.expires_at = row.expires_at;
  token.version = row.version;
  held_bytes += Held::bytes_of(token);
  change.snapshot().put(
      row.hash, ApiToken{row.id, row.environment_id, row.expires_at, std::move(*scope), token.use});
  make_room(change);
}

void ControlPlane::Impl::hold_server(store::McpServerRow row, std::shared_ptr<const McpServer> live,
                                     Change& change) {
  touch(row.id);
  if (row.expires_at || row.previous) change.expiry_changed = true;
  live->use->note(holder.epoch());
  if (live->approvals) {
    if (const auto known = check_approval_rules(*live->approvals, *live->toolset); !known) {
      report("MCP server " + row.id +
             ": every write waits for approval, since require_approval "
             "names what is not there: " +
             known.error().message);
    }
  }
  if (const auto found = held.servers.find(row.id); found != held.servers.end()) {
    const store::McpServerRow& was = found->second.row;
    if (was.version > row.version) return;
    held_bytes -= Held::bytes_of(found->second);
    for (const auto& hash : tokens_of(was)) change.snapshot().erase_server(hash);
    if (was.expires_at || was.previous) change.expiry_changed = true;
  }
  for (const auto& hash : tokens_of(row)) change.snapshot().put(hash, live);
  HeldServer& server = held.servers[row.id];
  server = {std::move(row), std::move(live)};
  held_bytes += Held::bytes_of(server);
  make_room(change);
}

void ControlPlane::Impl::remember_account(store::AccountRow row,
                                          const std::shared_ptr<const upstream::Account>& live,
                                          Change& change) {
  touch(row.id);
  const auto found = held.accounts.find(row.id);
  if (found == held.accounts.end() || found->second.row.version > row.version) return;
  if (!live) {
    found->second.row = std::move(row);
    return;
  }
  const std::string id = row.id;
  found->second = {std::move(row), live};
  for (std::string& problem : derive_servers_of(id, live, change)) report(std::move(problem));
}

void ControlPlane::Impl::drop_environment(std::string_view id, Change& change) {
  touch(id);
  for (const std::string& server : held.servers_of_environment(id)) drop_server(server, change);
  for (const std::string& token : held.tokens_of_environment(id)) drop_api_token(token, change);
  std::erase_if(held.accounts,
                [&](const auto& entry) { return entry.second.row.environment_id == id; });
}

void ControlPlane::Impl::drop_api_token(std::string_view id, Change& change) {
  touch(id);
  const auto found = held.tokens.find(id);
  if (found == held.tokens.end()) return;
  change.snapshot().erase_api_token(found->second.hash);
  if (found->second.expires_at) change.expiry_changed = true;
  held_bytes -= Held::bytes_of(found->second);
  held.tokens.erase(found);
}

void ControlPlane::Impl::drop_account(std::string_view id, Change& change) {
  touch(id);
  for (const std::string& server : held.servers_of_account(id)) drop_server(server, change);
  if (const auto found = held.accounts.find(id); found != held.accounts.end()) {
    held.accounts.erase(found);
  }
}

void ControlPlane::Impl::drop_server(std::string_view id, Change& change) {
  touch(id);
  const auto found = held.servers.find(id);
  if (found == held.servers.end()) return;
  for (const auto& hash : tokens_of(found->second.row)) change.snapshot().erase_server(hash);
  if (found->second.row.expires_at || found->second.row.previous) change.expiry_changed = true;
  count_use(found->second, clock.now());
  held_bytes -= Held::bytes_of(found->second);
  held.servers.erase(found);
}

void ControlPlane::Impl::make_room(Change& change) {
  if (held_bytes <= memory.load() / 2) return;
  std::size_t listings = 0;
  std::erase_if(toolsets, [&](const auto& entry) {
    const auto toolset = entry.second.lock();
    if (toolset) listings += toolset->tools().size() * kBytesOfTool;
    return toolset == nullptr;
  });
  if (held_bytes + listings <= memory.load()) return;
  // A tenth at once, so that the next ones find room without looking for it.
  struct Candidate {
    std::uint32_t last;
    bool is_server;
    std::string id;
  };
  std::vector<Candidate> candidates;
  for (const auto& [id, server] : held.servers) {
    if (!server.live->use->running()) candidates.push_back({server.live->use->last(), true, id});
  }
  for (const auto& [id, token] : held.tokens) {
    if (!token.use->running()) candidates.push_back({token.use->last(), false, id});
  }
  std::ranges::sort(candidates, {}, &Candidate::last);
  const bool expiry_changed = change.expiry_changed;  // nothing expires by leaving the memory
  const std::size_t going = candidates.size() / 10 + 1;
  // The newest is what room is made for.
  for (std::size_t i = 0; i < going && i + 1 < candidates.size(); ++i) {
    const Candidate& one = candidates[i];
    if (one.is_server) {
      drop_server(one.id, change);
    } else {
      drop_api_token(one.id, change);
    }
  }
  change.expiry_changed = expiry_changed;
  std::erase_if(held.accounts, [](const auto& entry) { return entry.second.live.expired(); });
}

}  // namespace patchbay::control
