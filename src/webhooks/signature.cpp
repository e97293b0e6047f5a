#include "webhooks/signature.h"

#include <array>
#include <cstddef>
#include <optional>

#include <sodium.h>

#include "base/encoding.h"
#include "base/random.h"

namespace patchbay::webhooks {
namespace {

constexpr std::size_t kSecretBytes = 32;

// As HMAC takes a key of any length: crypto_auth_hmacsha256 alone takes 32 bytes only.
std::string hmac_sha256(std::string_view key, std::string_view text) {
  const auto bytes = [](std::string_view of) {
    return reinterpret_cast<const unsigned char*>(of.data());
  };
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init(&state, bytes(key), key.size());
  crypto_auth_hmacsha256_update(&state, bytes(text), text.size());
  std::array<unsigned char, crypto_auth_hmacsha256_BYTES> code{};
  crypto_auth_hmacsha256_final(&state, code.data());
  sodium_memzero(&state, sizeof state);
  return {reinterpret_cast<const char*>(code.data()), code.size()};
}

}  // namespace

Secret new_secret() {
  std::array<std::byte, kSecretBytes> random{};
  fill_random(random);
  const std::string_view bytes(reinterpret_cast<const char*>(random.data()), random.size());
  std::string text = std::string(kSecretPrefix) + to_base64(bytes);
  sodium_memzero(random.data(), random.size());
  return Secret(std::move(text));
}

std::string signature(std::span<const Secret> secrets, std::string_view id, std::int64_t seconds,
                      std::string_view body) {
  std::string text(id);
  text += '.';
  text += std::to_string(seconds);
  text += '.';
  text += body;
  std::string all;
  for (const Secret& secret : secrets) {
    std::string_view told = secret.reveal();
    if (!told.starts_with(kSecretPrefix)) continue;
    told.remove_prefix(kSecretPrefix.size());
    auto decoded = from_base64(told);
    if (!decoded) continue;
    const Secret key(std::move(*decoded));
    if (!all.empty()) all += ' ';
    all += "v1," + to_base64(hmac_sha256(key.reveal(), text));
  }
  return all;
}

}  // namespace patchbay::webhooks
