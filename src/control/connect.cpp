#include "control/connect.h"

#include <algorithm>
#include <array>
#include <span>

#include <sodium.h>

#include "base/encoding.h"
#include "base/random.h"
#include "base/text.h"
#include "control/authority.h"
#include "control/grants.h"
#include "json/parse.h"
#include "json/write.h"

namespace patchbay::control {
namespace {

using std::chrono::seconds;

constexpr std::string_view kConnectPrefix = "cnl_";
constexpr std::size_t kLongestLinkText = 500;
constexpr std::size_t kLongestCookie = 4'096;
constexpr std::string_view kPlaceOfCookie = "connect cookie";
constexpr int kTries = 3;  // to write a row that others write too

struct ConnectLink {
  std::string account_id;
  std::string token_id;
  WallTime until{};
  std::int64_t connected_at = 0;  // milliseconds; 0: never yet
};

std::string signed_text(std::string_view account_id, std::string_view until,
                        std::string_view connected_at, std::string_view token_id) {
  return bind_together({"connect_link", account_id, until, connected_at, token_id});
}

std::string write_link(const vault::Vault& vault, const ConnectLink& link) {
  const auto whole = std::chrono::floor<seconds>(link.until);
  const std::string until = std::to_string(whole.time_since_epoch().count());
  const std::string connected_at = std::to_string(link.connected_at);
  const auto code = vault.code(signed_text(link.account_id, until, connected_at, link.token_id));
  return std::string(kConnectPrefix) + link.account_id + '.' + until + '.' + connected_at + '.' +
         link.token_id + '.' + to_base64url(code);
}

// Nothing: it is none of ours. Whether it is in time is the caller's to ask.
std::optional<ConnectLink> read_link(const vault::Vault& vault, std::string_view text) {
  if (text.size() > kLongestLinkText || !text.starts_with(kConnectPrefix)) return std::nullopt;
  const auto parts = split(text.substr(kConnectPrefix.size()), '.');
  if (parts.size() != 5) return std::nullopt;
  const auto until = parse_int64(parts[1]);
  const auto connected_at = parse_int64(parts[2]);
  const auto code = from_base64url(parts[4]);
  if (!until || !connected_at || !code ||
      !vault.is_code(*code, signed_text(parts[0], parts[1], parts[2], parts[3]))) {
    return std::nullopt;
  }
  return ConnectLink{.account_id = std::string(parts[0]),
                     .token_id = std::string(parts[3]),
                     .until = WallTime(seconds(*until)),
                     .connected_at = *connected_at};
}

// 256 bits, as RFC 7636 section 4.1 recommends for a verifier.
std::string random_text() {
  std::array<std::byte, 32> bytes{};
  fill_random(bytes);
  return to_base64url({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

// RFC 7636 section 4.2.
std::string challenge_of(std::string_view verifier) {
  std::array<unsigned char, crypto_hash_sha256_BYTES> digest{};
  crypto_hash_sha256(digest.data(), reinterpret_cast<const unsigned char*>(verifier.data()),
                     verifier.size());
  return to_base64url({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

// What a browser keeps between the page and the way back.
struct Begun {
  std::string link;
  std::string state;
  std::string verifier;
  WallTime until{};
};

std::string seal(const vault::Vault& vault, const Begun& begun) {
  const json::Object plain{{"link", begun.link},
                           {"state", begun.state},
                           {"verifier", begun.verifier},
                           {"until", begun.until.time_since_epoch().count()}};
  return to_base64url(
      vault.seal(Secret(json::to_string(json::Value(plain))), kPlaceOfCookie).bytes);
}

std::optional<Begun> unseal(const vault::Vault& vault, std::string_view cookie) {
  if (cookie.empty() || cookie.size() > kLongestCookie) return std::nullopt;
  auto sealed = from_base64url(cookie);
  if (!sealed) return std::nullopt;
  const auto plain = vault.unseal({std::move(*sealed)}, kPlaceOfCookie);
  const auto read = plain ? json::parse(plain->reveal()) : fail(ErrorCode::internal, "");
  if (!read) return std::nullopt;
  return Begun{.link = std::string(read->string_or("link", "")),
               .state = std::string(read->string_or("state", "")),
               .verifier = std::string(read->string_or("verifier", "")),
               .until = WallTime(std::chrono::milliseconds(read->int64_or("until", 0)))};
}

std::unexpected<Error> no_link() {
  return fail(ErrorCode::not_found, "This link is not valid any more.",
              "Ask whoever sent it to you for another one.");
}

std::unexpected<Error> nothing_begun() {
  return fail(ErrorCode::not_found, "Nothing was begun in this browser, or too long ago.",
              "Open the link that you were sent once more, and go through in one go.");
}

}  // namespace

Connections::Connections(ControlPlane& control, store::Repository& repository,
                         const vault::Vault& vault, const Clock& clock, Redeem redeem)
    : control_(control),
      repository_(repository),
      vault_(vault),
      clock_(clock),
      redeem_(std::move(redeem)) {}

Result<std::int64_t> Connections::connected_at(std::string_view account_id) {
  const auto grant = repository_.grants().grant(account_id);
  if (!grant) return std::unexpected(grant.error());
  return *grant ? (*grant)->connected_at.time_since_epoch().count() : 0;
}

Result<Connections::Link> Connections::make_link(const Principal& principal,
                                                 std::string_view account_id, seconds lifetime) {
  const auto row = control_.account(principal, account_id);
  if (!row) return std::unexpected(row.error());
  const auto live = control_.fresh_connection(*row);
  if (!live) return std::unexpected(live.error());
  if ((*live)->oauth() == nullptr || !(*live)->oauth()->asks_people()) {
    return fail(ErrorCode::invalid_argument,
                "Accounts of " + (*live)->integration().label + " are not connected by a link.",
                "They sign in with the credentials that are entered for them.");
  }
  if (lifetime < kLeastLink || lifetime > kLongestLink) {
    return fail(ErrorCode::invalid_argument,
                "expires_in_seconds must be " + std::to_string(kLeastLink.count()) + " to " +
                    std::to_string(kLongestLink.count()) + " (7 days).");
  }
  const auto connected = connected_at(row->id);
  if (!connected) return std::unexpected(connected.error());
  const ConnectLink link{.account_id = row->id,
                         .token_id = principal.token_id,
                         .until = clock_.now() + lifetime,
                         .connected_at = *connected};
  return Link{.token = write_link(vault_, link), .until = link.until};
}

bool Connections::may_be_link(std::string_view token) const {
  const auto link = read_link(vault_, token);
  return link && link->until > clock_.now();
}

Result<Connections::Named> Connections::named_by(std::string_view token) {
  const auto link = read_link(vault_, token);
  if (!link || link->until <= clock_.now()) return no_link();
  auto principal = control_.principal_of(link->token_id);
  if (!principal) {
    if (principal.error().code != ErrorCode::unauthenticated) {
      return std::unexpected(principal.error());
    }
    return no_link();
  }
  if (principal->scope.scope != Scope::admin) return no_link();
  auto row = control_.account(*principal, link->account_id);
  if (!row && row.error().code == ErrorCode::not_found) return no_link();
  if (!row) return std::unexpected(row.error());
  const auto connected = connected_at(row->id);
  if (!connected) return std::unexpected(connected.error());
  if (*connected != link->connected_at) return no_link();
  auto live = control_.fresh_connection(*row);
  if (!live) return std::unexpected(live.error());
  if ((*live)->oauth() == nullptr || !(*live)->oauth()->asks_people()) return no_link();
  return Named{.principal = std::move(*principal),
               .row = std::move(*row),
               .live = std::move(*live),
               .until = link->until,
               .connected_at = link->connected_at};
}

Result<ConnectOffer> Connections::at_link(std::string_view token) {
  const auto named = named_by(token);
  if (!named) return std::unexpected(named.error());
  const auto environment = control_.environment(named->principal, named->row.environment_id);
  if (!environment) return std::unexpected(environment.error());
  return ConnectOffer{.account_name = named->row.name,
                      .integration_label = named->live->integration().label,
                      .environment_name = environment->name,
                      .goes_to = named->live->oauth()->authorize_url().origin.host,
                      .until = named->until};
}

Result<ConnectBegun> Connections::begin(std::string_view token, const std::string& redirect_uri) {
  const auto named = named_by(token);
  if (!named) return std::unexpected(named.error());
  const Begun begun{.link = std::string(token),
                    .state = random_text(),
                    .verifier = random_text(),
                    .until = clock_.now() + kForSigningIn};
  return ConnectBegun{.address = named->live->oauth()->authorize_at(
                          begun.state, challenge_of(begun.verifier), redirect_uri),
                      .cookie = seal(vault_, begun)};
}

Result<Connections::Connected> Connections::finish(const Returned& returned) {
  const auto begun = unseal(vault_, returned.cookie);
  if (!begun || begun->until <= clock_.now() || returned.state.empty() ||
      !equal_in_constant_time(begun->state, returned.state)) {
    return nothing_begun();
  }
  const auto named = named_by(begun->link);
  if (!named) return std::unexpected(named.error());
  const std::string& label = named->live->integration().label;
  if (!returned.error.empty() || returned.code.empty()) {
    return fail(
        ErrorCode::permission_denied,
        label + " was not connected" +
            (returned.error.empty() ? "." : ": " + std::string(cut_utf8(returned.error, 60)) + "."),
        "Open the link once more to try again.");
  }
  const auto tokens = redeem_(named->live, {.code = Secret(returned.code),
                                            .verifier = Secret(begun->verifier),
                                            .redirect_uri = returned.redirect_uri});
  if (!tokens) return std::unexpected(tokens.error());
  const auto now = clock_.now();
  Grants grants(repository_.grants(), vault_);
  if (auto kept = grants.put(named->row.id,
                             {.bound_to = named->live->bound_to(),
                              .access = tokens->access,
                              .refresh = tokens->refresh,
                              .expires_at = now + tokens->lifetime},
                             now);
      !kept) {
    return std::unexpected(kept.error());
  }
  Result<store::AccountRow> row = fail(ErrorCode::conflict, "");
  for (int i = 0; i < kTries && !row && row.error().code == ErrorCode::conflict; ++i) {
    row = control_.signed_in(named->principal, named->row.id);
  }
  if (!row) {
    // Who is told that it failed has connected nothing.
    static_cast<void>(repository_.grants().remove(named->row.id));
    return std::unexpected(row.error());
  }
  Connected connected{
      .account = std::move(*row), .made_by = named->principal.token_id, .remark = ""};
  if (connected.account.status != "active") connected.remark = connected.account.last_error;
  if (tokens->refresh.empty()) {
    connected.remark += (connected.remark.empty() ? "" : " ") + label +
                        " gave no refresh token: the connection ends with this sign-in.";
  }
  return connected;
}

}  // namespace patchbay::control
