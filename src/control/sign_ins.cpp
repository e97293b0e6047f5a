#include "control/sign_ins.h"

#include <algorithm>
#include <utility>

#include "base/random.h"
#include "control/authority.h"

namespace patchbay::control {
namespace {

// The end of a session moves on in steps, so that not every request writes.
constexpr std::chrono::minutes kStep{1};
// Of sessions and links that are over, with each that is made.
constexpr std::size_t kRemovedAtOnce = 1'000;

std::unexpected<Error> not_signed_in() {
  return fail(ErrorCode::unauthenticated, "Nobody is signed in, or not any more.",
              "Sign in again.");
}

std::unexpected<Error> link_is_over() {
  return fail(ErrorCode::unauthenticated,
              "This sign-in link was used already, or its ten minutes are over.",
              "Make another one with `patchbay dashboard`, or sign in with an API token.");
}

}  // namespace

SignIns::SignIns(ControlPlane& control, store::SignInRows& rows, const vault::Vault& vault,
                 const Clock& clock, std::function<void(std::string)> report)
    : control_(control), rows_(rows), vault_(vault), clock_(clock), report_(std::move(report)) {}

SignIns::Begun SignIns::new_session(Principal principal) const {
  vault::Token secret = vault::Token::generate(vault::TokenKind::session);
  const WallTime now = clock_.now();
  store::DashboardSessionRow row{.id = random_id("ses"),
                                 .api_token_id = principal.token_id,
                                 .hash = vault_.hash(secret),
                                 .ends_at = now + kLongestIdle,
                                 .expires_at = now + kLongest,
                                 .created_at = now};
  sign(vault_, row);
  return {.signed_in = {.principal = std::move(principal), .session = std::move(row)},
          .secret = std::move(secret)};
}

// Nobody waits for what is over: where it cannot be removed now, it is the next time.
void SignIns::remove_ended() {
  static_cast<void>(rows_.remove_ended(clock_.now(), kRemovedAtOnce));
}

Result<SignIns::Begun> SignIns::begin(const Principal& principal) {
  if (auto stands = control_.check_standing(principal); !stands) {
    return std::unexpected(stands.error());
  }
  remove_ended();
  Begun begun = new_session(principal);
  auto inserted = rows_.insert(begun.signed_in.session, kMostSessions);
  if (!inserted && inserted.error().code == ErrorCode::not_found) return not_signed_in();
  if (!inserted) return std::unexpected(std::move(inserted.error()));
  return begun;
}

Result<store::SignInLinkRow> SignIns::find_link(std::string_view link) {
  const auto secret = vault::Token::parse(vault::TokenKind::sign_in_link, link);
  if (!secret) return link_is_over();
  auto row = rows_.link(vault_.hash(*secret));
  if (!row) return std::unexpected(std::move(row.error()));
  if (!*row || (*row)->expires_at <= clock_.now()) return link_is_over();
  if (!is_as_signed(vault_, **row)) {
    if (report_) report_(say_altered(**row));
    return link_is_over();
  }
  return std::move(**row);
}

Result<Principal> SignIns::owner_of_link(std::string_view link) {
  const auto row = find_link(link);
  if (!row) return std::unexpected(row.error());
  return control_.principal_of(row->api_token_id);
}

Result<SignIns::Begun> SignIns::begin_by_link(std::string_view link) {
  const auto row = find_link(link);
  if (!row) return std::unexpected(row.error());
  auto principal = control_.principal_of(row->api_token_id);
  if (!principal) return std::unexpected(std::move(principal.error()));
  Begun begun = new_session(std::move(*principal));
  const auto used = rows_.use_link(row->id, begun.signed_in.session, kMostSessions);
  if (!used) return std::unexpected(used.error());
  if (!*used) return link_is_over();
  remove_ended();
  return begun;
}

Result<SignIns::SignedIn> SignIns::find(std::string_view secret) {
  const auto token = vault::Token::parse(vault::TokenKind::session, secret);
  if (!token) return not_signed_in();
  auto row = rows_.session(vault_.hash(*token));
  if (!row) return std::unexpected(std::move(row.error()));
  const WallTime now = clock_.now();
  if (!*row || (*row)->ends_at <= now || (*row)->expires_at <= now) return not_signed_in();
  if (!is_as_signed(vault_, **row)) {
    if (report_) report_(say_altered(**row));
    return not_signed_in();
  }
  auto principal = control_.principal_of((*row)->api_token_id);
  if (!principal) {
    if (principal.error().code == ErrorCode::unauthenticated) return not_signed_in();
    return std::unexpected(std::move(principal.error()));
  }
  const WallTime ends_at = std::min<WallTime>(now + kLongestIdle, (*row)->expires_at);
  if (ends_at >= (*row)->ends_at + kStep ||
      (ends_at == (*row)->expires_at && (*row)->ends_at < ends_at)) {
    const auto prolonged = rows_.prolong((*row)->id, ends_at);
    // It ended meanwhile. Where it cannot be written, it ends as it would have.
    if (prolonged && !*prolonged) return not_signed_in();
    if (prolonged) (*row)->ends_at = ends_at;
  }
  return SignedIn{.principal = std::move(*principal), .session = std::move(**row)};
}

Result<std::int64_t> SignIns::end(const store::DashboardSessionRow& session) {
  const auto gone = rows_.remove_session(session.id);
  if (!gone) return std::unexpected(gone.error());
  return *gone ? 1 : 0;
}

Result<std::int64_t> SignIns::end_all(const Principal& principal) {
  return rows_.remove_sessions_of(principal.token_id);
}

Result<SignIns::Link> SignIns::make_link(const Principal& principal) {
  if (auto stands = control_.check_standing(principal); !stands) {
    return std::unexpected(stands.error());
  }
  remove_ended();
  vault::Token secret = vault::Token::generate(vault::TokenKind::sign_in_link);
  const WallTime now = clock_.now();
  store::SignInLinkRow row{.id = random_id("lnk"),
                           .api_token_id = principal.token_id,
                           .hash = vault_.hash(secret),
                           .expires_at = now + kLinkLifetime,
                           .created_at = now};
  sign(vault_, row);
  if (auto inserted = rows_.insert(row, kMostLinks); !inserted) {
    return std::unexpected(inserted.error());
  }
  return Link{.secret = std::move(secret), .expires_at = row.expires_at, .id = std::move(row.id)};
}

}  // namespace patchbay::control
