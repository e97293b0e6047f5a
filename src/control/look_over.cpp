// A look over every row: whether it is as it was signed, and whether it can be used. It takes as
// long as there are rows, so no start waits for it.
#include <utility>

#include "control/state.h"
#include "store/each_row.h"

namespace patchbay::control {

Result<> ControlPlane::look_over(const std::function<bool()>& stopped) {
  Impl& impl = *impl_;
  {
    const MutexLock lock(impl.altered_mutex);
    impl.altered.clear();
  }
  const auto goes_on = [&]() -> Result<> {
    if (stopped && stopped()) return fail(ErrorCode::cancelled, "It was stopped.");
    return {};
  };
  const auto is_signed = [&](const auto& row) {
    if (is_as_signed(*impl.vault, row)) return true;
    impl.note_altered(row);
    return false;
  };
  const auto look_at_token = [&](const store::ApiTokenRow& row) -> Result<> {
    static_cast<void>(is_signed(row));
    return goes_on();
  };
  const auto look_at_account = [&](store::AccountRow& row) -> Result<> {
    if (!is_signed(row)) return goes_on();
    const auto live = impl.open_account(row);
    if (!live) {
      impl.report("Integrated account " + row.id + ": " + live.error().message);
      return goes_on();
    }
    std::vector<std::string> problems;
    {
      const MutexLock turn(impl.changing);
      if (impl.seal_again(row, **live, problems)) {
        Change change(impl);
        impl.remember_account(row, nullptr, change);
      }
    }
    if ((*live)->oauth() != nullptr && (*live)->oauth()->asks_people()) {
      Grants grants(impl.repository.grants(), *impl.vault);
      if (auto sealed = grants.reseal(row.id, impl.clock.now()); !sealed) {
        problems.push_back("The sign-in of " + row.id +
                           " could not be sealed again: " + sealed.error().message);
      }
    }
    for (std::string& problem : problems) impl.report(std::move(problem));
    return goes_on();
  };
  const auto look_at_server = [&](store::McpServerRow& row) -> Result<> {
    if (!is_signed(row) || row.credentials.bytes.empty()) return goes_on();
    const auto account = impl.stored_account(row.account_id);
    if (!account) return std::unexpected(account.error());
    if (!*account) return goes_on();  // it goes with its account
    std::vector<std::string> problems;
    {
      const MutexLock turn(impl.changing);
      if (impl.seal_again(row, (*account)->integration, problems)) {
        Change change(impl);
        if (auto live = impl.with_same_tools(row)) {
          impl.hold_server(std::move(row), std::move(live), change);
        }
      }
    }
    for (std::string& problem : problems) impl.report(std::move(problem));
    return goes_on();
  };
  const auto look_at_approval = [&](const store::ApprovalRow& row) -> Result<> {
    static_cast<void>(is_signed(row));
    return goes_on();
  };
  if (auto done = store::each_row<store::ApiTokenRow>(impl.repository, look_at_token); !done) {
    return done;
  }
  if (auto done = store::each_row<store::AccountRow>(impl.repository, look_at_account); !done) {
    return done;
  }
  if (auto done = store::each_row<store::McpServerRow>(impl.repository, look_at_server); !done) {
    return done;
  }
  if (auto done = store::each_row<store::ApprovalRow>(impl.repository, look_at_approval); !done) {
    return done;
  }
  return impl.webhooks->look_over(stopped);
}

namespace {

template <class Row>
bool is_altered(const vault::Vault& vault, const Result<std::optional<Row>>& row) {
  return !row || (*row && !is_as_signed(vault, **row));
}

}  // namespace

bool ControlPlane::Impl::is_still_altered(store::Table table, const std::string& id) const {
  switch (table) {
    case store::Table::api_token:
      return is_altered(*vault, repository.api_token(id));
    case store::Table::integrated_account:
      return is_altered(*vault, repository.account(id));
    case store::Table::mcp_server:
      return is_altered(*vault, repository.mcp_server(id));
    case store::Table::approval:
      return is_altered(*vault, repository.approval(id));
    default:
      return false;  // not signed by itself
  }
}

void ControlPlane::look_at_altered_again() {
  ById<store::Table> known;
  {
    const MutexLock lock(impl_->altered_mutex);
    known = impl_->altered;
  }
  for (const auto& [id, table] : known) {
    if (impl_->is_still_altered(table, id)) continue;
    const MutexLock lock(impl_->altered_mutex);
    impl_->altered.erase(id);
  }
}

std::size_t ControlPlane::altered_rows() const {
  const MutexLock lock(impl_->altered_mutex);
  return impl_->altered.size();
}

}  // namespace patchbay::control
