// Start, integrations and tokens at the door.
#include "control/control_plane.h"

#include "control/state.h"

namespace patchbay::control {

ControlPlane::ControlPlane(store::Repository& repository, std::shared_ptr<const vault::Vault> vault,
                           const Clock& clock, SnapshotHolder& snapshot, Probe probe,
                           ControlOptions options)
    : impl_(std::make_unique<Impl>(repository, std::move(vault), clock, snapshot, std::move(probe),
                                   std::move(options))) {
  impl_->approvals = std::make_unique<Approvals>(
      *this, repository, *impl_->vault, impl_->clock,
      [impl = impl_.get()](const store::ApprovalRow& row) { impl->note_altered(row); });
  impl_->webhooks = std::make_unique<Webhooks>(*this, repository.webhooks(), *impl_->vault,
                                               impl_->clock, impl_->options.report);
  impl_->sign_ins = std::make_unique<SignIns>(*this, repository.sign_ins(), *impl_->vault,
                                              impl_->clock, impl_->options.report);
  impl_->connections = std::make_unique<Connections>(*this, repository, *impl_->vault, impl_->clock,
                                                     impl_->options.redeem);
}

Approvals& ControlPlane::approvals() {
  return *impl_->approvals;
}

Connections& ControlPlane::connections() {
  return *impl_->connections;
}

Webhooks& ControlPlane::webhooks() {
  return *impl_->webhooks;
}

SignIns& ControlPlane::sign_ins() {
  return *impl_->sign_ins;
}

// What is known by now survives an orderly end.
ControlPlane::~ControlPlane() {
  impl_->keep_first_use();
}

Result<std::vector<std::string>> ControlPlane::load() {
  Impl& impl = *impl_;
  std::vector<std::string> problems;
  if (auto over = impl.end_what_is_over(problems); !over) return std::unexpected(over.error());
  const MutexLock lock(impl.catching_up);
  const Trust::Time asked = impl.holder.trust.now();
  const auto revision = impl.repository.revision();
  if (!revision) return std::unexpected(revision.error());
  impl.seen_revision = *revision;
  impl.holder.trust.confirm(asked);
  return problems;
}

std::vector<std::string> ControlPlane::set_catalog(
    std::shared_ptr<const catalog::ToolCatalog> catalog) {
  const std::string name = catalog->integration().name;
  impl_->catalogs.put(std::move(catalog));
  return impl_->open_again(name);
}

std::vector<std::shared_ptr<const catalog::ToolCatalog>> ControlPlane::catalogs() const {
  return impl_->catalogs.all();
}

Result<std::shared_ptr<const catalog::ToolCatalog>> ControlPlane::catalog(
    std::string_view name) const {
  return impl_->catalogs.find(name);
}

Result<Principal> ControlPlane::authenticate(std::string_view api_token) const {
  const auto refuse = [] {
    return fail(ErrorCode::unauthenticated, "The API token is unknown, revoked or expired.",
                "Send 'Authorization: Bearer <API token>' with a valid token.");
  };
  const auto token = vault::Token::parse(vault::TokenKind::api, api_token);
  if (!token) return refuse();
  if (impl_->holder.trust.state() != Trust::Is::good) {
    return fail(ErrorCode::unavailable,
                "It cannot be told at this moment whether this API token opens: the database does "
                "not answer.",
                "Try again shortly.");
  }
  const auto snapshot = impl_->holder.current();
  const ApiToken* const known = snapshot->find_api_token(impl_->vault->hash(*token));
  if (known == nullptr) return refuse();
  if (known->expires_at && *known->expires_at <= impl_->clock.now()) return refuse();
  known->use->note(impl_->holder.epoch());
  impl_->note_use();
  return Principal{
      .token_id = known->id, .environment_id = known->environment_id, .scope = known->scope};
}

void ControlPlane::set_memory(std::size_t bytes) {
  impl_->memory.store(bytes);
}

void ControlPlane::set_expiry_notice(std::chrono::seconds notice) {
  impl_->expiry_notice.store(notice);
  impl_->wake_timer();
}

void ControlPlane::on_expiry_changed(std::function<void()> callback) {
  const MutexLock lock(impl_->callbacks_mutex);
  impl_->expiry_callback = std::move(callback);
}

}  // namespace patchbay::control
