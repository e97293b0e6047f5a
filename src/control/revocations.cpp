// What is taken away holds at once, also where the database cannot be written: then it is noted,
// told and written as soon as that can be.
#include <utility>

#include "base/text.h"
#include "control/state.h"

namespace patchbay::control {

Result<Revoked> ControlPlane::Impl::revoke(const Result<>& written, store::Revocation revocation,
                                           std::optional<store::McpServerRow> rotated) {
  if (written) return Revoked{};
  if (written.error().code != ErrorCode::unavailable) return std::unexpected(written.error());
  unwritten.add(std::move(revocation), std::move(rotated));
  return Revoked{.on_disk = false};
}

// It holds from the first moment: also while others have their turn, and while the database is slow
// or away.
Result<Revoked> ControlPlane::Impl::take_away(const Principal& principal,
                                              const store::Revocation& revocation,
                                              const std::function<void(Change&)>& drop,
                                              const std::function<Result<>()>& erase) {
  unwritten.begin(revocation);
  {
    Change change(*this);
    drop(change);
  }
  Result<> written = fail(ErrorCode::unavailable, "The database does not answer.");
  Result<> stands;
  if (!is_silent()) {
    const MutexLock turn(changing);
    // It may have waited for its turn. Its own token, which goes, has stood until now.
    const bool is_own = revocation.kind == store::Revocation::Kind::api_token &&
                        revocation.id == principal.token_id;
    if (!is_own) stands = check_standing(principal);
    if (stands) written = erase();
  }
  {
    // Who read the row before it was erased is not to hold it after it no longer counts as taken.
    const MutexLock lock(holding);
    touch(revocation.id);
  }
  Result<Revoked> revoked =
      stands ? revoke(written, revocation) : std::unexpected(std::move(stands.error()));
  unwritten.give_up(revocation);
  if (!revoked) return revoked;
  if (revoked->on_disk) {
    // What it owned goes in parts.
    using Kind = store::Revocation::Kind;
    if (revocation.kind == Kind::account || revocation.kind == Kind::environment) wake_timer();
    return revoked;
  }
  Change change(*this);
  change.only_read = true;
  change.expiry_changed = true;  // the timer tries again
  return revoked;
}

Result<> ControlPlane::Impl::write_again(const store::Revocation& revocation,
                                         const store::McpServerRow* rotated) {
  using Kind = store::Revocation::Kind;
  const std::string& id = revocation.id;
  switch (revocation.kind) {
    case Kind::environment:
      return repository.delete_environment(id);
    case Kind::api_token:
      return repository.delete_api_token(id);
    case Kind::account:
      return repository.delete_account(id);
    case Kind::mcp_server:
      return repository.delete_mcp_server(id);
    case Kind::expired:
      return write_expired(id);
    case Kind::mcp_url:
      break;
  }
  const MutexLock turn(changing);
  auto row = repository.mcp_server(id);
  if (!row) return std::unexpected(row.error());
  // If it is gone, so is its URL. Altered by somebody it is not served either; nor is it to be
  // signed.
  if (!*row || !is_as_signed(*vault, **row)) return {};
  // A new URL is lost with the process that made it; the old one must not open.
  (*row)->hash = rotated != nullptr
                     ? rotated->hash
                     : vault->hash(vault::Token::generate(vault::TokenKind::mcp_server));
  (*row)->previous.reset();
  if (auto updated = update(**row); !updated) return updated;
  Change change(*this);
  if (const auto found = held.servers.find(id); found != held.servers.end()) {
    auto live = with_same_tools(**row);
    hold_server(std::move(**row), std::move(live), change);
  }
  return {};
}

// Nobody's clock says any more that it was this late: what is over by then goes first.
Result<> ControlPlane::Impl::write_expired(const std::string& until) {
  const auto millis = parse_int64(until);
  if (!millis) return {};
  clock.raise(WallTime(std::chrono::milliseconds(*millis)));
  return delete_expired(WallTime(std::chrono::milliseconds(*millis)));
}

void ControlPlane::Impl::write_unwritten() {
  if (!unwritten.any()) return;
  unwritten.try_again(
      [this](const store::Revocation& revocation, const store::McpServerRow* rotated) {
        return write_again(revocation, rotated);
      });
}

Result<> ControlPlane::Impl::write_noted() {
  if (!options.notes) return {};
  const auto noted = options.notes->read();
  if (!noted) return std::unexpected(noted.error());
  for (const store::Revocation& revocation : *noted) {
    const Result<> written = write_again(revocation, nullptr);
    if (!written && written.error().code == ErrorCode::unavailable) {
      return fail(ErrorCode::unavailable,
                  "Something was revoked that the database does not know yet, and it cannot be "
                  "written now: " +
                      written.error().message,
                  "Make room on the disk of the data folder, then start again. A start before that "
                  "would serve what was revoked.");
    }
  }
  return noted->empty() ? Result<>() : options.notes->write({});
}

std::size_t ControlPlane::unwritten() const {
  return impl_->unwritten.count();
}

std::size_t ControlPlane::probing() const {
  return impl_->probing->held();
}

}  // namespace patchbay::control
