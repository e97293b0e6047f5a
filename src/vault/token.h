// Tokens: the secrets that open an MCP server, the admin API or the dashboard.
//
// Layout: a prefix by kind ("pbm_" MCP server, "pba_" API, "pbs_" a dashboard's session, "pbl_" a
// link that signs in), then 256 random bits in base64url (43 characters, the canonical spelling
// only). No checksum: a wrong token is found out by its look-up. At rest there is only BLAKE2b-256
// of the token, keyed with the vault's pepper, so that a stolen database opens nothing and cannot
// be searched offline. Rejected: argon2 (random 256-bit tokens need no stretching, and it costs 60
// ms a call); UUIDs and 128 bits (no gain).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/secret.h"

namespace patchbay::vault {

enum class TokenKind : std::uint8_t { mcp_server, api, session, sign_in_link };

// A token in the clear. Shown once, never stored. Cannot be printed or compared.
class Token {
 public:
  static Token generate(TokenKind kind);
  // Nothing if it has not exactly the form of a token of that kind.
  static std::optional<Token> parse(TokenKind kind, std::string_view text);
  std::string_view reveal() const { return text_.reveal(); }
  TokenKind kind() const { return kind_; }

 private:
  Token(TokenKind kind, Secret text) : kind_(kind), text_(std::move(text)) {}
  TokenKind kind_;
  Secret text_;
};

// A token's keyed hash: what is stored, and what look-ups go by.
struct TokenHash {
  std::array<std::uint8_t, 32> bytes{};
  bool operator==(const TokenHash& other) const;  // in constant time
  std::string to_blob() const;
  static std::optional<TokenHash> from_blob(std::string_view blob);
};

struct TokenHashHasher {  // the hash is uniform already
  std::size_t operator()(const TokenHash& hash) const noexcept;
};

}  // namespace patchbay::vault
