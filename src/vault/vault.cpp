#include "vault/vault.h"

#include <array>
#include <cstddef>
#include <cstdlib>
#include <new>
#include <optional>
#include <vector>

#include <sodium.h>

#include "base/digit.h"
#include "base/encoding.h"
#include "base/random.h"
#include "base/text.h"

namespace patchbay::vault {
namespace {

constexpr std::size_t kKeyBytes = 32;
constexpr unsigned char kVersion = 1;
constexpr std::size_t kNonceBytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kTagBytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr std::size_t kHeaderBytes = 2;  // version, key id

static_assert(crypto_kdf_KEYBYTES == kKeyBytes);
static_assert(crypto_aead_xchacha20poly1305_ietf_KEYBYTES == kKeyBytes);

// Numbers of the sub-keys of a master key (from `codes` on: of the pepper). Never reused for
// another purpose.
enum class SubKey : std::uint64_t {
  sealing = 1,
  pepper = 2,
  purposes = 3,
  key_id = 4,
  codes = 5,
  digests = 6,  // as codes
};

// Without sodium_init libsodium silently runs its slow reference code.
void begin_sodium() {
  static const bool ready = sodium_init() >= 0;
  if (!ready) std::abort();  // no secure randomness on this machine
}

unsigned char* bytes_of(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}
const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

// A key in memory, wiped when it goes.
struct Key {
  std::array<unsigned char, kKeyBytes> bytes{};
  Key() = default;
  Key(const Key&) = default;
  Key& operator=(const Key&) = default;
  ~Key() { sodium_memzero(bytes.data(), bytes.size()); }
};

Key derive_sub_key(const Key& master, SubKey which) {
  Key sub;
  crypto_kdf_derive_from_key(sub.bytes.data(), sub.bytes.size(), static_cast<std::uint64_t>(which),
                             "patchbay", master.bytes.data());
  return sub;
}

// Memory that is locked, not dumped, fenced and wiped. It goes without the lock where there is no
// more of it to be had.
void* allocate_locked(std::size_t size) {
  // The end of a page, so that the fence behind it is near; rounded, so that all is aligned.
  constexpr std::size_t kAlignment = alignof(std::max_align_t);
  void* const memory = sodium_malloc((size + kAlignment - 1) / kAlignment * kAlignment);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

template <class T>
struct LockedAllocator {
  using value_type = T;
  LockedAllocator() = default;
  template <class Other>
  explicit LockedAllocator(const LockedAllocator<Other>&) {}
  T* allocate(std::size_t count) { return static_cast<T*>(allocate_locked(count * sizeof(T))); }
  void deallocate(T* memory, std::size_t) { sodium_free(memory); }
  bool operator==(const LockedAllocator&) const = default;
};

// What one master key seals with, and what keys of other purposes are made of.
struct MasterKeys {
  Key key;
  Key purposes;
  unsigned char id = 0;
};

MasterKeys keys_of(const Key& master) {
  return {derive_sub_key(master, SubKey::sealing), derive_sub_key(master, SubKey::purposes),
          derive_sub_key(master, SubKey::key_id).bytes[0]};
}

Secret derive_from(const MasterKeys& keys, std::string_view purpose) {
  std::string key(kKeyBytes, '\0');
  crypto_generichash(bytes_of(key), key.size(), bytes_of(purpose), purpose.size(),
                     keys.purposes.bytes.data(), keys.purposes.bytes.size());
  return Secret(std::move(key));
}

std::optional<std::string> from_hex(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    const int high = hex_value(text[i]);
    const int low = hex_value(text[i + 1]);
    if (high < 0 || low < 0) return {};
    out.push_back(static_cast<char>(high * 16 + low));
  }
  return out;
}

std::optional<Key> key_from(std::string_view raw) {
  if (raw.size() != kKeyBytes) return {};
  Key key;
  std::copy(raw.begin(), raw.end(), key.bytes.begin());
  return key;
}

Result<Key> parse_master_key(const Secret& text) {
  const std::string_view trimmed = trim(text.reveal());
  std::optional<std::string> raw;
  if (trimmed.size() == 2 * kKeyBytes) raw = from_hex(trimmed);
  if (!raw) raw = from_base64(trimmed);
  if (!raw) raw = from_base64url(trimmed);
  std::optional<Key> key = raw ? key_from(*raw) : std::nullopt;
  if (raw) sodium_memzero(raw->data(), raw->size());
  if (!key) {
    return fail(ErrorCode::invalid_argument,
                "The master key must be 32 bytes, as base64 or as 64 hex digits.",
                "Make one with: openssl rand -base64 32");
  }
  return *key;
}

std::string associated(std::string_view header, std::string_view associated_data) {
  std::string all(header);
  all += associated_data;
  return all;
}

// The plain text, or nothing if this key did not seal these bytes for this place.
std::optional<Secret> open_with(const MasterKeys& key, std::string_view sealed,
                                std::string_view associated_data) {
  if (sealed.size() < kHeaderBytes + kNonceBytes + kTagBytes) return {};
  if (bytes_of(sealed)[0] != kVersion || bytes_of(sealed)[1] != key.id) return {};
  const std::string bound = associated(sealed.substr(0, kHeaderBytes), associated_data);
  const std::string_view nonce = sealed.substr(kHeaderBytes, kNonceBytes);
  const std::string_view cipher = sealed.substr(kHeaderBytes + kNonceBytes);
  std::string plain(cipher.size() - kTagBytes, '\0');
  unsigned long long length = 0;
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(bytes_of(plain), &length, nullptr,
                                                 bytes_of(cipher), cipher.size(),
                                                 bytes_of(std::string_view(bound)), bound.size(),
                                                 bytes_of(nonce), key.key.bytes.data()) != 0) {
    return {};
  }
  return Secret(std::move(plain));
}

}  // namespace

struct Vault::Keys {
  MasterKeys current;
  std::vector<MasterKeys, LockedAllocator<MasterKeys>> previous;
  Key pepper;
  // Of the pepper; made once, since each is a hash of its own.
  Key codes;
  Key digests;

  void take_pepper(const Key& key) {
    pepper = key;
    codes = derive_sub_key(pepper, SubKey::codes);
    digests = derive_sub_key(pepper, SubKey::digests);
  }

  static void* operator new(std::size_t size) { return allocate_locked(size); }
  static void operator delete(void* memory) { sodium_free(memory); }
};

Vault::Vault(std::unique_ptr<const Keys> keys) : keys_(std::move(keys)) {}
Vault::~Vault() = default;

Result<std::shared_ptr<const Vault>> Vault::open(const Secret& master_key,
                                                 std::span<const Secret> previous) {
  begin_sodium();
  const auto master = parse_master_key(master_key);
  if (!master) return std::unexpected(master.error());
  auto keys = std::make_unique<Keys>();
  keys->current = keys_of(*master);
  keys->take_pepper(derive_sub_key(*master, SubKey::pepper));
  for (const Secret& text : previous) {
    const auto old = parse_master_key(text);
    if (!old) return std::unexpected(old.error());
    keys->previous.push_back(keys_of(*old));
  }
  return std::shared_ptr<const Vault>(new Vault(std::move(keys)));
}

Secret Vault::generate_key() {
  std::string raw(kKeyBytes, '\0');
  fill_random(std::as_writable_bytes(std::span(raw)));
  Secret key(to_base64(raw));
  sodium_memzero(raw.data(), raw.size());
  return key;
}

Result<std::shared_ptr<const Vault>> Vault::with_pepper(const Secret& pepper) const {
  const auto key = key_from(pepper.reveal());
  if (!key) return fail(ErrorCode::invalid_argument, "A pepper has 32 bytes.");
  auto keys = std::make_unique<Keys>(*keys_);
  keys->take_pepper(*key);
  return std::shared_ptr<const Vault>(new Vault(std::move(keys)));
}

TokenHash Vault::hash(const Token& token) const {
  TokenHash hash;
  const std::string_view text = token.reveal();
  crypto_generichash(hash.bytes.data(), hash.bytes.size(), bytes_of(text), text.size(),
                     keys_->pepper.bytes.data(), keys_->pepper.bytes.size());
  return hash;
}

std::string Vault::code(std::string_view text) const {
  // A key of its own: hashes of tokens are made with the pepper itself.
  const Key& key = keys_->codes;
  std::string code(kKeyBytes, '\0');
  crypto_generichash(bytes_of(code), code.size(), bytes_of(text), text.size(), key.bytes.data(),
                     key.bytes.size());
  return code;
}

DigestCode Vault::code_of_digest(const Digest& digest) const {
  // SipHash of 128 bits takes a tenth of the time of a keyed BLAKE2b; twice, with two keys.
  static_assert(2 * crypto_shorthash_siphashx24_KEYBYTES == kKeyBytes);
  DigestCode code;
  static_assert(2 * crypto_shorthash_siphashx24_BYTES == sizeof code);
  const unsigned char* const key = keys_->digests.bytes.data();
  crypto_shorthash_siphashx24(code.data(), digest.data(), digest.size(), key);
  crypto_shorthash_siphashx24(code.data() + crypto_shorthash_siphashx24_BYTES, digest.data(),
                              digest.size(), key + crypto_shorthash_siphashx24_KEYBYTES);
  return code;
}

bool Vault::is_code(std::string_view code, std::string_view text) const {
  const std::string right = this->code(text);
  return code.size() == right.size() && sodium_memcmp(code.data(), right.data(), right.size()) == 0;
}

SealedBytes Vault::seal(const Secret& plain, std::string_view associated_data) const {
  const std::string_view text = plain.reveal();
  std::string sealed(kHeaderBytes + kNonceBytes + text.size() + kTagBytes, '\0');
  bytes_of(sealed)[0] = kVersion;
  bytes_of(sealed)[1] = keys_->current.id;
  fill_random(std::as_writable_bytes(std::span(sealed).subspan(kHeaderBytes, kNonceBytes)));
  const std::string bound =
      associated(std::string_view(sealed).substr(0, kHeaderBytes), associated_data);
  unsigned char* const nonce = bytes_of(sealed) + kHeaderBytes;
  crypto_aead_xchacha20poly1305_ietf_encrypt(
      nonce + kNonceBytes, nullptr, bytes_of(text), text.size(), bytes_of(std::string_view(bound)),
      bound.size(), nullptr, nonce, keys_->current.key.bytes.data());
  return {std::move(sealed)};
}

Result<Secret> Vault::unseal(const SealedBytes& sealed, std::string_view associated_data) const {
  if (auto plain = open_with(keys_->current, sealed.bytes, associated_data)) return *plain;
  for (const MasterKeys& key : keys_->previous) {
    if (auto plain = open_with(key, sealed.bytes, associated_data)) return *plain;
  }
  return fail(ErrorCode::invalid_argument, "The sealed value does not open.");
}

bool Vault::seals_with_current(const SealedBytes& sealed, std::string_view associated_data) const {
  // The id byte alone is not enough: two keys share one in 256 cases.
  return open_with(keys_->current, sealed.bytes, associated_data).has_value();
}

Secret Vault::derive(std::string_view purpose) const {
  return derive_from(keys_->current, purpose);
}

std::vector<Secret> Vault::derive_all(std::string_view purpose) const {
  std::vector<Secret> all{derive(purpose)};
  for (const MasterKeys& keys : keys_->previous) all.push_back(derive_from(keys, purpose));
  return all;
}

}  // namespace patchbay::vault
