// Single rows of the database, as they count.
#include "control/state.h"

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
  // Its old URL, which only the database still knows.
  if (row && *row && unwritten.rotated((*row)->id)) row->reset();
  return row;
}

}  // namespace patchbay::control
