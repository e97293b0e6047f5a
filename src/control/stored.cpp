// Single rows of the database, as they count.
#include "control/state.h"
#include "control/token_scope.h"

namespace patchbay::control {
namespace {

template <class Row>
constexpr bool kSigned = !std::is_same_v<Row, store::EnvironmentRow>;

}  // namespace

template <class Row>
bool ControlPlane::Impl::counts(const Row& row) const {
  if (unwritten.took(row)) return false;
  if constexpr (kSigned<Row>) {
    if (is_as_signed(*vault, row)) return true;
    note_altered(row);
    return false;
  } else {
    return true;
  }
}

template bool ControlPlane::Impl::counts(const store::EnvironmentRow&) const;
template bool ControlPlane::Impl::counts(const store::ApiTokenRow&) const;
template bool ControlPlane::Impl::counts(const store::AccountRow&) const;
template bool ControlPlane::Impl::counts(const store::McpServerRow&) const;

namespace {

template <class Row>
Result<std::optional<Row>> if_counts(Result<std::optional<Row>> row, const auto& counts) {
  if (row && *row && !counts(**row)) row->reset();
  return row;
}

}  // namespace

ControlPlane::Impl::Maybe<store::EnvironmentRow> ControlPlane::Impl::stored_environment(
    std::string_view id) const {
  return if_counts(repository.environment(id), [&](const auto& row) { return counts(row); });
}

ControlPlane::Impl::Maybe<store::ApiTokenRow> ControlPlane::Impl::stored_api_token(
    std::string_view id) const {
  return if_counts(repository.api_token(id), [&](const auto& row) { return counts(row); });
}

ControlPlane::Impl::Maybe<store::ApiTokenRow> ControlPlane::Impl::stored_api_token(
    const vault::TokenHash& hash) const {
  return if_counts(repository.api_token(hash), [&](const auto& row) { return counts(row); });
}

ControlPlane::Impl::Maybe<store::AccountRow> ControlPlane::Impl::stored_account(
    std::string_view id) const {
  return if_counts(repository.account(id), [&](const auto& row) { return counts(row); });
}

ControlPlane::Impl::Maybe<store::McpServerRow> ControlPlane::Impl::stored_server(
    std::string_view id) const {
  auto row = if_counts(repository.mcp_server(id), [&](const auto& one) { return counts(one); });
  if (row && *row) {
    if (auto newer = unwritten.rotated(id)) *row = std::move(newer);
  }
  return row;
}

ControlPlane::Impl::Maybe<store::McpServerRow> ControlPlane::Impl::stored_server(
    const vault::TokenHash& hash) const {
  if (const auto newer = unwritten.rotated(hash)) return stored_server(newer->id);
  auto row = if_counts(repository.mcp_server(hash), [&](const auto& one) { return counts(one); });
  if (!row || !*row) return row;
  // Its old URL, which only the database still knows, or which is over.
  const bool by_previous = (*row)->hash != hash;
  const bool is_over_now =
      by_previous && (!(*row)->previous || is_over((*row)->previous->expires_at));
  if (is_over_now || unwritten.rotated((*row)->id)) row->reset();
  return row;
}

namespace {

template <class Row>
bool is_answer(const Result<std::optional<Row>>& row) {
  return row || row.error().code != ErrorCode::unavailable;
}

std::unexpected<Error> no_answer() {
  return fail(ErrorCode::unavailable, "The database does not answer.", "Try again shortly.");
}

}  // namespace

ControlPlane::Impl::Maybe<store::EnvironmentRow> ControlPlane::Impl::known_environment(
    std::string_view id) const {
  if (!is_silent()) {
    auto row = stored_environment(id);
    if (is_answer(row)) return row;
  }
  const MutexLock lock(holding);
  if (held.servers_of_environment(id).empty() && held.tokens_of_environment(id).empty()) {
    return no_answer();
  }
  return store::EnvironmentRow{.id = std::string(id)};
}

ControlPlane::Impl::Maybe<store::ApiTokenRow> ControlPlane::Impl::known_api_token(
    std::string_view id) const {
  if (!is_silent()) {
    auto row = stored_api_token(id);
    if (is_answer(row)) return row;
  }
  const auto snapshot = holder.current();
  const MutexLock lock(holding);
  const auto found = held.tokens.find(id);
  const ApiToken* const token =
      found == held.tokens.end() ? nullptr : snapshot->find_api_token(found->second.hash);
  if (token == nullptr) return no_answer();
  return store::ApiTokenRow{.id = token->id,
                            .environment_id = token->environment_id,
                            .scope = std::string(to_string(token->scope.scope)),
                            .limits = limits_of(token->scope),
                            .hash = found->second.hash,
                            .expires_at = token->expires_at};
}

ControlPlane::Impl::Maybe<store::AccountRow> ControlPlane::Impl::known_account(
    std::string_view id) const {
  if (!is_silent()) {
    auto row = stored_account(id);
    if (is_answer(row)) return row;
  }
  const MutexLock lock(holding);
  const auto found = held.accounts.find(id);
  if (found == held.accounts.end()) return no_answer();
  return found->second.row;
}

ControlPlane::Impl::Maybe<store::McpServerRow> ControlPlane::Impl::known_server(
    std::string_view id) const {
  if (!is_silent()) {
    auto row = stored_server(id);
    if (is_answer(row)) return row;
  }
  const MutexLock lock(holding);
  const auto found = held.servers.find(id);
  if (found == held.servers.end()) return no_answer();
  return found->second.row;
}

}  // namespace patchbay::control
