#include "control/unwritten.h"

#include <algorithm>
#include <utility>

namespace patchbay::control {

using Kind = store::Revocation::Kind;

void Unwritten::add(store::Revocation revocation, std::optional<store::McpServerRow> rotated) {
  const MutexLock lock(mutex_);
  // The latest is about all before it.
  if (revocation.kind == Kind::expired) {
    std::erase_if(all_, [](const auto& one) { return one.kind == Kind::expired; });
  }
  if (rotated) rotated_.insert_or_assign(revocation.id, std::move(*rotated));
  if (std::ranges::find(all_, revocation) == all_.end()) all_.push_back(std::move(revocation));
  note();
}

void Unwritten::begin(const store::Revocation& revocation) {
  const MutexLock lock(mutex_);
  under_way_.push_back(revocation);
  count_again();
}

void Unwritten::give_up(const store::Revocation& revocation) {
  const MutexLock lock(mutex_);
  const auto found = std::ranges::find(under_way_, revocation);
  if (found != under_way_.end()) under_way_.erase(found);
  count_again();
}

void Unwritten::try_again(const Write& write) {
  std::vector<store::Revocation> tried;
  {
    const MutexLock lock(mutex_);
    tried = all_;
  }
  for (const store::Revocation& revocation : tried) {
    const auto newer = revocation.kind == Kind::mcp_url ? rotated(revocation.id) : std::nullopt;
    const auto written = write(revocation, newer ? &*newer : nullptr);
    if (!written && written.error().code == ErrorCode::unavailable) continue;
    const MutexLock lock(mutex_);
    if (revocation.kind == Kind::mcp_url) rotated_.erase(revocation.id);
    std::erase(all_, revocation);
    note();
  }
}

bool Unwritten::has(Kind kind, std::string_view id) const {
  const auto is_it = [&](const store::Revocation& one) { return one.kind == kind && one.id == id; };
  return std::ranges::any_of(all_, is_it) || std::ranges::any_of(under_way_, is_it);
}

void Unwritten::count_again() {
  held_ = all_.size() + under_way_.size();
  count_ = static_cast<std::size_t>(std::ranges::count_if(
      all_, [](const store::Revocation& one) { return one.kind != Kind::expired; }));
}

// Should it not be noted either, a restart would not know of it; whoever revoked is told as much.
void Unwritten::note() {
  count_again();
  if (notes_) static_cast<void>(notes_->write(all_));
}

bool Unwritten::took(const store::EnvironmentRow& row) const {
  if (held_ == 0) return false;
  const MutexLock lock(mutex_);
  return has(Kind::environment, row.id);
}

bool Unwritten::took(const store::ApiTokenRow& row) const {
  if (held_ == 0) return false;
  const MutexLock lock(mutex_);
  return has(Kind::api_token, row.id) || has(Kind::environment, row.environment_id);
}

bool Unwritten::took(const store::AccountRow& row) const {
  if (held_ == 0) return false;
  const MutexLock lock(mutex_);
  return has(Kind::account, row.id) || has(Kind::environment, row.environment_id);
}

bool Unwritten::took(const store::McpServerRow& row) const {
  if (held_ == 0) return false;
  const MutexLock lock(mutex_);
  return has(Kind::mcp_server, row.id) || has(Kind::account, row.account_id) ||
         has(Kind::environment, row.environment_id);
}

std::optional<store::McpServerRow> Unwritten::rotated(std::string_view id) const {
  if (held_ == 0) return std::nullopt;
  const MutexLock lock(mutex_);
  const auto found = rotated_.find(id);
  if (found == rotated_.end()) return std::nullopt;
  return found->second;
}

std::optional<store::McpServerRow> Unwritten::rotated(const vault::TokenHash& hash) const {
  if (held_ == 0) return std::nullopt;
  const MutexLock lock(mutex_);
  for (const auto& [id, row] : rotated_) {
    if (row.hash == hash) return row;
  }
  return std::nullopt;
}

}  // namespace patchbay::control
