#include "control/store_faults.h"

#include <functional>
#include <optional>
#include <utility>

#include "base/text.h"
#include "control/authority.h"
#include "control/control_plane.h"
#include "control/grants.h"
#include "control/webhooks.h"
#include "store/each_row.h"
#include "webhooks/message.h"

namespace patchbay::control {
namespace {

constexpr std::size_t kSealedAtOnce = 100;

std::string named(std::string_view what, const std::string& id) {
  return std::string(what) + " " + (id.empty() ? "without an id" : id);
}

class Check {
 public:
  Check(store::Repository& repository, const std::shared_ptr<const vault::Vault>& vault)
      : repository_(repository),
        vault_(*vault),
        control_(repository, vault, clock_, snapshot_, nullptr, {}) {}

  Result<StoreFaults> run() {
    const auto as_it_is = [](const store::EnvironmentRow&) -> Result<> { return {}; };
    Result<> done =
        store::each_readable_row<store::EnvironmentRow>(repository_, as_it_is, damaged());
    if (done) done = each<store::ApiTokenRow>();
    if (done) done = each<store::AccountRow>();
    if (done) done = each<store::McpServerRow>();
    if (done) done = each<store::ApprovalRow>();
    if (done) done = each<store::WebhookRow>();
    if (done) done = deliveries();
    if (done) done = secrets();
    if (done) done = grants();
    if (!done) return std::unexpected(std::move(done.error()));
    return std::move(faults_);
  }

 private:
  std::function<void(const Error&)> damaged() {
    return [this](const Error& error) { faults_.add(error.message); };
  }

  template <class Row>
  Result<> each() {
    return store::each_readable_row<Row>(
        repository_,
        [&](const Row& row) -> Result<> {
          if (is_as_signed(vault_, row)) return look_at(row);
          faults_.add(say_altered(row));  // which is why it does not fit, whatever does not
          return {};
        },
        damaged());
  }

  Result<> look_at(const store::ApiTokenRow& row) {
    return row.environment_id.empty() ? Result<>() : in_environment("API token", row);
  }
  Result<> look_at(const store::AccountRow& row) {
    if (auto sealed = control_.check_sealed(row); !sealed) faults_.add(sealed.error().message);
    return in_environment("Integrated account", row);
  }
  Result<> look_at(const store::McpServerRow& row) {
    // Many servers in a row are of one account, as a rule.
    if (!account_ || account_->id != row.account_id) {
      auto found = repository_.account(row.account_id);
      // One that is damaged is told as such.
      if (!found && found.error().code == ErrorCode::internal) return {};
      if (!found) return std::unexpected(std::move(found.error()));
      account_ = std::move(*found);
    }
    if (!account_) {
      return if_it_stands(row, store::Table::integrated_account, row.account_id,
                          named("MCP server", row.id) + ": its integrated account " +
                              row.account_id + " is not there.");
    }
    if (account_->environment_id != row.environment_id && is_as_signed(vault_, *account_)) {
      faults_.add(named("MCP server", row.id) +
                  ": its integrated account is of another environment.");
    }
    if (auto sealed = control_.check_sealed(row, *account_); !sealed) {
      faults_.add(sealed.error().message);
    }
    return {};
  }

  // One whose MCP server is gone is kept for what was decided.
  Result<> look_at(const store::ApprovalRow& row) { return in_environment("Approval", row); }

  Result<> look_at(const store::WebhookRow& row) {
    if (!opens(vault_, row)) faults_.add("The secret of webhook " + row.id + " does not open.");
    return in_environment("Webhook", row);
  }

  // They are not signed: what is sent lies sealed, and opens as itself alone.
  Result<> deliveries() {
    return store::each_readable_row<store::DeliveryRow>(
        repository_,
        [&](const store::DeliveryRow& row) -> Result<> {
          const auto webhook = repository_.webhooks().webhook(row.webhook_id);
          if (!webhook && webhook.error().code == ErrorCode::internal) return {};
          if (!webhook) return std::unexpected(webhook.error());
          if (*webhook && is_as_signed(vault_, **webhook) &&
              !webhooks::open_payload(vault_, row, (*webhook)->environment_id)) {
            faults_.add("The message " + row.message_id + " to webhook " + row.webhook_id +
                        " does not open.");
          }
          return {};
        },
        damaged());
  }

  template <class Row>
  Result<> in_environment(std::string_view what, const Row& row) {
    if (row.environment_id == environment_) return {};
    const auto found = repository_.environment(row.environment_id);
    if (!found && found.error().code == ErrorCode::internal) return {};
    if (!found) return std::unexpected(found.error());
    if (*found) {
      environment_ = row.environment_id;
      return {};
    }
    return if_it_stands(
        row, store::Table::environment, row.environment_id,
        named(what, row.id) + ": its environment " + row.environment_id + " is not there.");
  }

  // What it belongs to may have gone since the row was read, and the row with it; or both are
  // going.
  template <class Row>
  Result<> if_it_stands(const Row& row, store::Table owners, const std::string& owner,
                        std::string fault) {
    const auto owning = repository_.everything().row(owners, owner);
    if (!owning) return std::unexpected(owning.error());
    if (*owning) return {};
    const auto now = store::row_of<Row>(repository_, row.id);
    if (!now) return std::unexpected(now.error());
    if (*now) faults_.add(std::move(fault));
    return {};
  }

  // All lie sealed, each in the place of its name; one that is empty was used up.
  Result<> secrets() {
    return each_sealed(store::Table::instance_secret,
                       [this](const std::string& id, const vault::SealedBytes& sealed) {
                         if (sealed.bytes.empty() || vault_.unseal(sealed, "instance_secret/" + id))
                           return;
                         faults_.add("The secret '" + id + "' of the instance does not open.");
                       });
  }

  Result<> grants() {
    return each_sealed(store::Table::account_grant, [this](const std::string& id,
                                                           const vault::SealedBytes& sealed) {
      if (Grants::opens(vault_, id, sealed)) return;
      faults_.add("The sign-in of the integrated account " + id + " does not open.");
    });
  }

  // Of tables whose second cell is what lies sealed.
  Result<> each_sealed(store::Table table, const auto& look) {
    store::Repository::After last;
    while (true) {
      const auto some = repository_.everything().after(table, last, kSealedAtOnce);
      if (!some) return std::unexpected(some.error());
      for (const store::Record& record : *some) {
        look(record.id(), vault::SealedBytes{record.cells.at(1).bytes});
      }
      if (some->size() < kSealedAtOnce) return {};
      last = some->back().id();
    }
  }

  store::Repository& repository_;
  const vault::Vault& vault_;
  const SystemClock clock_;
  SnapshotHolder snapshot_{1};
  ControlPlane control_;
  std::optional<store::AccountRow> account_;  // the last one
  std::string environment_;                   // the last that is there
  StoreFaults faults_;
};

}  // namespace

// What stands in a database that somebody altered may be anything, and is told to a terminal.
void StoreFaults::add(std::string fault) {
  ++count;
  if (told.size() >= kMostTold) return;
  const bool is_text = is_valid_utf8(fault);
  for (char& one : fault) {
    const auto byte = static_cast<unsigned char>(one);
    if (byte < 0x20 || byte == 0x7f || (byte >= 0x80 && !is_text)) one = '?';
  }
  told.push_back(std::move(fault));
}

Result<StoreFaults> store_faults(store::Repository& repository,
                                 const std::shared_ptr<const vault::Vault>& vault) {
  return Check(repository, vault).run();
}

}  // namespace patchbay::control
