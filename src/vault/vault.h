// Sealing: secrets at rest and values that callers carry for us (cursors).
//
// A 256-bit master key comes from a file or the environment; sub-keys for each purpose are derived
// from it (libsodium crypto_kdf_blake2b). Sealed text: version byte, key id byte, 24-byte nonce,
// XChaCha20-Poly1305 ciphertext and tag. The associated data binds it to its place (account id), so
// that sealed bytes moved elsewhere do not open.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/secret.h"
#include "vault/token.h"

namespace patchbay::vault {

// Bytes that only a Vault can have made; not to be confused with text.
struct SealedBytes {
  std::string bytes;
};

class Vault {
 public:
  // `master_key`: 32 bytes in base64 or 64 hex digits. Error: invalid_argument.
  static Result<std::shared_ptr<const Vault>> open(const Secret& master_key);
  // A fresh random key, as text: for `demo` and for `patchbay serve`'s first-run advice.
  static Secret generate_key();

  TokenHash hash(const Token& token) const;
  SealedBytes seal(const Secret& plain, std::string_view associated_data) const;
  // Error: invalid_argument (altered, of another key or another place); says no more.
  Result<Secret> unseal(const SealedBytes& sealed, std::string_view associated_data) const;
  // A 32-byte key for another purpose ("cursors"), always the same for the same master key.
  Secret derive(std::string_view purpose) const;

 private:
  struct Keys;
  explicit Vault(std::unique_ptr<const Keys> keys);
  std::unique_ptr<const Keys> keys_;

 public:
  ~Vault();
};

}  // namespace patchbay::vault
