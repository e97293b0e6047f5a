#include "control/store_faults.h"

#include <optional>

#include "control/authority.h"
#include "control/control_plane.h"
#include "store/each_row.h"

namespace patchbay::control {
namespace {

class Check {
 public:
  Check(store::Repository& repository, const std::shared_ptr<const vault::Vault>& vault)
      : repository_(repository),
        vault_(*vault),
        control_(repository, vault, clock_, snapshot_, nullptr, {}) {}

  Result<std::vector<std::string>> run() {
    Result<> done = each<store::ApiTokenRow>([&](const auto& row) { return look_at(row); });
    if (done) done = each<store::AccountRow>([&](const auto& row) { return look_at(row); });
    if (done) done = each<store::McpServerRow>([&](const auto& row) { return look_at(row); });
    if (done) done = each<store::ApprovalRow>([&](const auto& row) { return look_at(row); });
    if (!done) return std::unexpected(std::move(done.error()));
    return std::move(faults_);
  }

 private:
  template <class Row, class Look>
  Result<> each(Look look) {
    return store::each_row<Row>(repository_, [&](const Row& row) -> Result<> {
      if (is_as_signed(vault_, row)) return look(row);
      faults_.push_back(say_altered(row));  // which is why it does not fit, whatever does not
      return {};
    });
  }

  Result<> look_at(const store::ApiTokenRow& row) {
    return row.environment_id.empty() ? Result<>() : in_environment("API token " + row.id, row);
  }
  Result<> look_at(const store::AccountRow& row) {
    if (auto sealed = control_.check_sealed(row); !sealed)
      faults_.push_back(sealed.error().message);
    return in_environment("Integrated account " + row.id, row);
  }
  Result<> look_at(const store::McpServerRow& row) {
    const std::string what = "MCP server " + row.id;
    // Many servers in a row are of one account, as a rule.
    if (!account_ || account_->id != row.account_id) {
      auto found = repository_.account(row.account_id);
      if (!found) return std::unexpected(std::move(found.error()));
      account_ = std::move(*found);
    }
    if (!account_) {
      faults_.push_back(what + ": its integrated account " + row.account_id + " is not there.");
    } else if (account_->environment_id != row.environment_id && is_as_signed(vault_, *account_)) {
      faults_.push_back(what + ": its integrated account is of another environment.");
    }
    return {};
  }

  // One whose MCP server is gone is kept for what was decided.
  Result<> look_at(const store::ApprovalRow& row) {
    return in_environment("Approval " + row.id, row);
  }

  template <class Row>
  Result<> in_environment(const std::string& what, const Row& row) {
    if (row.environment_id == environment_) return {};
    const auto found = repository_.environment(row.environment_id);
    if (!found) return std::unexpected(found.error());
    if (*found) {
      environment_ = row.environment_id;
    } else {
      faults_.push_back(what + ": its environment " + row.environment_id + " is not there.");
    }
    return {};
  }

  store::Repository& repository_;
  const vault::Vault& vault_;
  const SystemClock clock_;
  SnapshotHolder snapshot_{1};
  ControlPlane control_;
  std::optional<store::AccountRow> account_;  // the last one
  std::string environment_;                   // the last that is there
  std::vector<std::string> faults_;
};

}  // namespace

Result<std::vector<std::string>> store_faults(store::Repository& repository,
                                              const std::shared_ptr<const vault::Vault>& vault) {
  return Check(repository, vault).run();
}

}  // namespace patchbay::control
