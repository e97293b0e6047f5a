// Sealing: secrets at rest and values that callers carry for us (cursors).
//
// A 256-bit master key comes from a file or the environment; sub-keys for each purpose are derived
// from it (libsodium crypto_kdf_blake2b). Sealed text, in this order:
//
//   1 byte   version (1)
//   1 byte   key id: derived from the master key, says which of several keys to try first
//   24 bytes random nonce
//   n + 16   XChaCha20-Poly1305 ciphertext and tag
//
// The associated data (both leading bytes, then the caller's) binds it to its place (account id),
// so that sealed bytes moved elsewhere do not open. 24-byte random nonces cannot collide in
// practice, and need no counter that a restored backup would wind back.
//
// Rotation: the operator gives the new master key and lists the old one as previous. What was
// sealed with an old key still opens, seals_with_current() tells it apart, and its owner seals it
// again (control does, at start). Token hashes cannot be made again without the tokens, so they are
// keyed with a pepper of its own, which is a sealed secret in the store like any other and outlives
// every master key (control/open_vault.h).
//
// In memory the keys lie in pages that are locked (no swap) and not dumped, as far as the system
// allows (RLIMIT_MEMLOCK). Rejected: a pepper derived from the master key, since a
// rotation would lock everybody out.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/secret.h"
#include "vault/token.h"

namespace patchbay::vault {

// Bytes that only a Vault can have made; not to be confused with text.
struct SealedBytes {
  std::string bytes;
};

using Digest = std::array<std::uint8_t, 16>;
using DigestCode = std::array<std::uint8_t, 32>;

// Immutable; shared by all threads.
class Vault {
 public:
  // `master_key`: 32 bytes in base64 (either alphabet, padded or not) or 64 hex digits. `previous`:
  // keys that still open what they sealed. Error: invalid_argument. Until with_pepper, the pepper
  // is derived from the master key, which is enough where nothing outlives the process.
  static Result<std::shared_ptr<const Vault>> open(const Secret& master_key,
                                                   std::span<const Secret> previous = {});
  // A fresh random key, as text: for `demo` and for `patchbay serve`'s first-run advice.
  static Secret generate_key();

  // The same keys with this pepper for token hashes. `pepper`: 32 bytes.
  Result<std::shared_ptr<const Vault>> with_pepper(const Secret& pepper) const;

  TokenHash hash(const Token& token) const;
  // A keyed code of 32 bytes over `text`, which nobody can make without the key. Of the pepper, so
  // that a change of the master key leaves it valid.
  std::string code(std::string_view text) const;
  bool is_code(std::string_view code, std::string_view text) const;  // in constant time
  // The same, quickly, of what is a digest already: whoever has no key cannot try what it is of.
  DigestCode code_of_digest(const Digest& digest) const;
  SealedBytes seal(const Secret& plain, std::string_view associated_data) const;
  // Error: invalid_argument (altered, of another key or another place); says no more.
  Result<Secret> unseal(const SealedBytes& sealed, std::string_view associated_data) const;
  // False for what opens with a previous key only: seal it again.
  bool seals_with_current(const SealedBytes& sealed, std::string_view associated_data) const;
  // A 32-byte key for another purpose ("cursors"), always the same for the same master key.
  Secret derive(std::string_view purpose) const;
  // The same of each key: the current one's first, then those of the previous ones, which still
  // open what was sealed before a rotation.
  std::vector<Secret> derive_all(std::string_view purpose) const;

  ~Vault();
  Vault(const Vault&) = delete;
  Vault& operator=(const Vault&) = delete;

 private:
  struct Keys;
  explicit Vault(std::unique_ptr<const Keys> keys);
  std::unique_ptr<const Keys> keys_;
};

}  // namespace patchbay::vault
