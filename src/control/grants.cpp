#include "control/grants.h"

#include "control/authority.h"
#include "json/parse.h"
#include "json/write.h"

namespace patchbay::control {
namespace {

std::string place_of(std::string_view account_id) {
  return bind_together({"account_grant", account_id});
}

Secret text_of(const upstream::HeldGrant& grant) {
  std::string text = R"({"bound_to":)";
  json::append_string(text, grant.bound_to);
  text += R"(,"access":)";
  json::append_string(text, grant.access.reveal());
  text += R"(,"refresh":)";
  json::append_string(text, grant.refresh.reveal());
  text += '}';
  return Secret(std::move(text));
}

}  // namespace

Result<std::optional<upstream::HeldGrant>> Grants::read(std::string_view account_id) {
  const auto row = rows_.grant(account_id);
  if (!row) return std::unexpected(row.error());
  if (!*row) return std::nullopt;
  const auto plain = vault_.unseal((*row)->tokens, place_of(account_id));
  const auto parsed = plain ? json::parse(plain->reveal()) : fail(ErrorCode::internal, "");
  if (!parsed) {
    return fail(ErrorCode::unauthenticated, "The sign-in of this account does not open.",
                "Start with the master key that sealed it, or connect the account anew.");
  }
  return upstream::HeldGrant{.bound_to = std::string(parsed->string_or("bound_to", "")),
                             .access = Secret(std::string(parsed->string_or("access", ""))),
                             .refresh = Secret(std::string(parsed->string_or("refresh", ""))),
                             .expires_at = (*row)->expires_at,
                             .version = (*row)->version};
}

Result<std::optional<std::int64_t>> Grants::claim(std::string_view account_id, std::int64_t version,
                                                  WallTime now, WallTime until) {
  const auto claimed = rows_.claim(account_id, version, now, until);
  if (!claimed) return std::unexpected(claimed.error());
  return *claimed ? std::optional(version + 1) : std::nullopt;
}

Result<> Grants::keep(std::string_view account_id, const upstream::HeldGrant& grant) {
  const auto kept = rows_.keep(account_id, grant.version,
                               vault_.seal(text_of(grant), place_of(account_id)), grant.expires_at);
  if (!kept) return std::unexpected(kept.error());
  if (*kept) return {};
  return fail(ErrorCode::conflict, "The account was connected anew in the meantime.",
              "Call again: it goes on with the new sign-in.");
}

Result<> Grants::put(std::string_view account_id, const upstream::HeldGrant& grant, WallTime now) {
  return rows_.put({.account_id = std::string(account_id),
                    .tokens = vault_.seal(text_of(grant), place_of(account_id)),
                    .expires_at = grant.expires_at,
                    .connected_at = now});
}

bool Grants::opens(const vault::Vault& vault, std::string_view account_id,
                   const vault::SealedBytes& tokens) {
  return vault.unseal(tokens, place_of(account_id)).has_value();
}

Result<> Grants::reseal(std::string_view account_id, WallTime now) {
  const auto row = rows_.grant(account_id);
  if (!row) return std::unexpected(row.error());
  const auto place = place_of(account_id);
  if (!*row || vault_.seals_with_current((*row)->tokens, place)) return {};
  const auto plain = vault_.unseal((*row)->tokens, place);
  if (!plain) return std::unexpected(plain.error());
  const auto sealed = rows_.reseal(account_id, (*row)->version, now, vault_.seal(*plain, place));
  return sealed ? Result<>() : std::unexpected(sealed.error());
}

}  // namespace patchbay::control
