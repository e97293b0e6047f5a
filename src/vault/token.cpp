#include "vault/token.h"

#include <algorithm>
#include <cstring>

#include <sodium.h>

#include "base/encoding.h"
#include "base/random.h"

namespace patchbay::vault {
namespace {

constexpr std::size_t kTokenBytes = 32;     // 256 bits
constexpr std::size_t kEncodedLength = 43;  // ceil(32 * 8 / 6), without padding

std::string_view prefix_of(TokenKind kind) {
  switch (kind) {
    case TokenKind::mcp_server:
      return "pbm_";
    case TokenKind::api:
      return "pba_";
    case TokenKind::session:
      return "pbs_";
    case TokenKind::sign_in_link:
      return "pbl_";
  }
  return {};
}

}  // namespace

Token Token::generate(TokenKind kind) {
  std::string random(kTokenBytes, '\0');
  fill_random(std::as_writable_bytes(std::span(random)));
  std::string text(prefix_of(kind));
  text += to_base64url(random);
  sodium_memzero(random.data(), random.size());
  return Token(kind, Secret(std::move(text)));
}

std::optional<Token> Token::parse(TokenKind kind, std::string_view text) {
  const std::string_view prefix = prefix_of(kind);
  if (text.size() != prefix.size() + kEncodedLength || !text.starts_with(prefix)) return {};
  const std::string_view encoded = text.substr(prefix.size());
  // 43 characters hold 258 bits: the two spare ones must be zero, or one token had four spellings.
  const auto decoded = from_base64url(encoded);
  if (!decoded || decoded->size() != kTokenBytes || to_base64url(*decoded) != encoded) return {};
  return Token(kind, Secret(std::string(text)));
}

bool TokenHash::operator==(const TokenHash& other) const {
  return sodium_memcmp(bytes.data(), other.bytes.data(), bytes.size()) == 0;
}

std::string TokenHash::to_blob() const {
  return std::string(bytes.begin(), bytes.end());
}

std::optional<TokenHash> TokenHash::from_blob(std::string_view blob) {
  TokenHash hash;
  if (blob.size() != hash.bytes.size()) return {};
  std::ranges::transform(blob, hash.bytes.begin(),
                         [](char c) { return static_cast<std::uint8_t>(c); });
  return hash;
}

std::size_t TokenHashHasher::operator()(const TokenHash& hash) const noexcept {
  // Not the first bytes: snapshots are cut into shards by those.
  std::size_t value = 0;
  std::memcpy(&value, hash.bytes.data() + hash.bytes.size() - sizeof value, sizeof value);
  return value;
}

}  // namespace patchbay::vault
