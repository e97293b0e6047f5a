// The first token of an instance, and that it was found.
//
// Until a token was used the first one lies sealed in the database, so that a start can tell it
// again: whoever can open it has the key and the data, and needs no token. It is never made a
// second time: an instance that lost all its tokens gets one by `patchbay token new` only.
#include "base/random.h"
#include "control/state.h"

namespace patchbay::control {
namespace {

constexpr std::string_view kFirstToken = "first_token";
constexpr std::string_view kFirstTokenPlace = "instance_secret/first_token";
// The secret, the environment and the token, each once, and one to find all three.
constexpr int kMostAttempts = 4;

}  // namespace

Principal instance_itself() {
  return {.token_id = std::string(kBootstrap), .environment_id = {}};
}

// Empty: there was one, and a token was used since.
Result<std::optional<vault::Token>> ControlPlane::Impl::waiting_first_token() const {
  const auto stored = repository.secret(kFirstToken);
  if (!stored) return std::unexpected(stored.error());
  if (!*stored || (*stored)->bytes.empty()) return std::nullopt;
  const auto text = vault->unseal(**stored, kFirstTokenPlace);
  if (!text) return std::nullopt;
  return vault::Token::parse(vault::TokenKind::api, text->reveal());
}

Result<> ControlPlane::Impl::keep_first_token(const vault::Token& token) {
  return repository.insert_secret(
      kFirstToken, vault->seal(Secret(std::string(token.reveal())), kFirstTokenPlace));
}

// On the way of every authenticated request, also on an event loop: the timer writes it down.
void ControlPlane::Impl::note_use() {
  if (!first_token_waits.load(std::memory_order_relaxed)) return;
  if (!first_token_waits.exchange(false)) return;
  first_use = true;
  const MutexLock lock(callbacks_mutex);
  if (expiry_callback) expiry_callback();
}

void ControlPlane::Impl::keep_first_use() {
  if (first_use && repository.update_secret(kFirstToken, {})) first_use = false;
}

// Another node that starts at the same moment may do a part of it first: that part is found done by
// the next attempt.
Result<std::optional<vault::Token>> ControlPlane::bootstrap(const KeepToken& keep) {
  for (int attempt = 1;; ++attempt) {
    auto token = try_bootstrap(keep);
    const bool again = !token && token.error().code == ErrorCode::conflict;
    if (!again || attempt == kMostAttempts) return token;
  }
}

Result<std::optional<vault::Token>> ControlPlane::try_bootstrap(const KeepToken& keep) {
  Impl& impl = *impl_;
  const Principal instance = instance_itself();
  impl.keep_first_use();
  if (impl.first_use) return std::nullopt;
  const auto stored = impl.repository.secret(kFirstToken);
  if (!stored) return std::unexpected(stored.error());
  auto waiting = impl.waiting_first_token();
  if (!waiting) return std::unexpected(waiting.error());
  // A row that was altered is one nevertheless, and an instance with accounts had tokens: whoever
  // could alter or delete them must not get another. Who has the key makes one (`token new`).
  const auto tokens = impl.repository.api_tokens("", Page{.limit = 1});
  if (!tokens) return std::unexpected(tokens.error());
  const auto accounts = impl.repository.accounts({}, Page{.limit = 1});
  if (!accounts) return std::unexpected(accounts.error());
  const bool none_yet = tokens->empty() && accounts->empty();
  bool known = false;
  if (*waiting) {
    const auto row = impl.stored_api_token(impl.vault->hash(**waiting));
    if (!row) return std::unexpected(row.error());
    known = row->has_value();
  }
  const bool first_start = none_yet && (!*stored || *waiting);
  if (!known && !first_start) return std::nullopt;

  const bool made = !*waiting;
  vault::Token token = made ? vault::Token::generate(vault::TokenKind::api) : std::move(**waiting);
  if (!made && !impl.vault->seals_with_current(**stored, kFirstTokenPlace)) {
    static_cast<void>(impl.repository.update_secret(
        kFirstToken, impl.vault->seal(Secret(std::string(token.reveal())), kFirstTokenPlace)));
  }
  if (made) {
    if (auto kept = impl.keep_first_token(token); !kept) return std::unexpected(kept.error());
  }
  if (keep) {
    if (auto kept = keep(token); !kept) return std::unexpected(kept.error());
  }
  if (!known) {
    const auto any = environments(instance, Page{.limit = 1});
    if (!any) return std::unexpected(any.error());
    if (any->empty()) {
      const auto environment = create_environment(instance, "Default");
      if (!environment) return std::unexpected(environment.error());
    }
    auto minted = create_api_token(instance, "", "First token", std::nullopt, {}, &token);
    if (!minted) return std::unexpected(minted.error());
  }
  impl.first_token_waits = true;
  return token;
}

}  // namespace patchbay::control
