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
  if (!has(revocation.kind, revocation.id)) all_.push_back(std::move(revocation));
  note();
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
  return std::ranges::any_of(
      all_, [&](const store::Revocation& one) { return one.kind == kind && one.id == id; });
}

// Should it not be noted either, a restart would not know of it; whoever revoked is told as much.
void Unwritten::note() {
  count_ = all_.size();
  if (notes_) static_cast<void>(notes_->write(all_));
}

bool Unwritten::took(const store::EnvironmentRow& row) const {
  if (count_ == 0) return false;
  const MutexLock lock(mutex_);
  return has(Kind::environment, row.id);
}

bool Unwritten::took(const store::ApiTokenRow& row) const {
  if (count_ == 0) return false;
  const MutexLock lock(mutex_);
  return has(Kind::api_token, row.id) || has(Kind::environment, row.environment_id);
}

bool Unwritten::took(const store::AccountRow& row) const {
  if (count_ == 0) return false;
  const MutexLock lock(mutex_);
  return has(Kind::account, row.id) || has(Kind::environment, row.environment_id);
}

bool Unwritten::took(const store::McpServerRow& row) const {
  if (count_ == 0) return false;
  const MutexLock lock(mutex_);
  return has(Kind::mcp_server, row.id) || has(Kind::account, row.account_id) ||
         has(Kind::environment, row.environment_id);
}

std::optional<store::McpServerRow> Unwritten::rotated(std::string_view id) const {
  if (count_ == 0) return std::nullopt;
  const MutexLock lock(mutex_);
  const auto found = rotated_.find(id);
  if (found == rotated_.end()) return std::nullopt;
  return found->second;
}

std::optional<store::McpServerRow> Unwritten::rotated(const vault::TokenHash& hash) const {
  if (count_ == 0) return std::nullopt;
  const MutexLock lock(mutex_);
  for (const auto& [id, row] : rotated_) {
    if (row.hash == hash) return row;
  }
  return std::nullopt;
}

}  // namespace patchbay::control
