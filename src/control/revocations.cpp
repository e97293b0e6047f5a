// What is taken away holds at once, also where the database cannot be written: then it is noted,
// told and written as soon as that can be.
#include <algorithm>

#include "base/random.h"
#include "control/state.h"

namespace patchbay::control {

Result<Revoked> ControlPlane::Impl::revoke(const Result<>& written, store::Revocation revocation,
                                           Change& change) {
  if (written) return Revoked{};
  if (written.error().code != ErrorCode::unavailable) return std::unexpected(written.error());
  if (std::ranges::find(unwritten, revocation) == unwritten.end()) {
    unwritten.push_back(std::move(revocation));
  }
  unwritten_count = unwritten.size();
  // Should it not be noted either, a restart would not know of it; the answer says the same.
  if (options.notes) static_cast<void>(options.notes->write(unwritten));
  change.expiry_changed = true;  // the timer tries again
  return Revoked{.on_disk = false};
}

Result<> ControlPlane::Impl::write_again(const store::Revocation& revocation) {
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
    case Kind::mcp_url:
      break;
  }
  // As it is by now; if it is gone, so is its URL.
  const auto server = rows.read().servers.find(id);
  return server == rows.read().servers.end() ? Result<>() : repository.update(server->second.row);
}

void ControlPlane::Impl::write_unwritten() {
  if (unwritten.empty()) return;
  const auto before = unwritten.size();
  std::erase_if(unwritten, [&](const store::Revocation& revocation) PATCHBAY_LOCKS_UNCHECKED {
    const auto written = write_again(revocation);
    return written || written.error().code != ErrorCode::unavailable;
  });
  if (unwritten.size() == before) return;
  unwritten_count = unwritten.size();
  if (options.notes) static_cast<void>(options.notes->write(unwritten));
}

Result<> ControlPlane::Impl::write_noted() {
  if (!options.notes) return {};
  const auto noted = options.notes->read();
  if (!noted) return std::unexpected(noted.error());
  for (const store::Revocation& revocation : *noted) {
    Result<> written;
    if (revocation.kind == store::Revocation::Kind::mcp_url) {
      // The new URL is lost with the process that made it; the old one must not open.
      auto servers = repository.mcp_servers();
      if (!servers) return std::unexpected(servers.error());
      const auto server = std::ranges::find(*servers, revocation.id, &store::McpServerRow::id);
      // Altered by somebody, it is not served either; nor is it to be signed.
      if (server == servers->end() || !is_as_signed(*vault, *server)) continue;
      server->hash = vault->hash(vault::Token::generate(vault::TokenKind::mcp_server));
      written = update(*server);
    } else {
      written = write_again(revocation);
    }
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
  return impl_->unwritten_count;
}

std::size_t ControlPlane::probing() const {
  return impl_->probing->held();
}

}  // namespace patchbay::control
