#include "control/open_vault.h"

#include <cstddef>
#include <string>

#include "base/random.h"

namespace patchbay::control {
namespace {

constexpr std::string_view kPepper = "pepper";
constexpr std::string_view kPepperPlace = "instance_secret/pepper";
constexpr std::size_t kPepperBytes = 32;

// What the database holds, made if there is nothing yet. Of several nodes that start at the same
// time the first one's stays.
Result<vault::SealedBytes> read_or_make_pepper(store::Repository& repository,
                                               const vault::Vault& keys) {
  const auto stored = repository.secret(kPepper);
  if (!stored) return std::unexpected(stored.error());
  if (*stored) return **stored;
  std::string random(kPepperBytes, '\0');
  fill_random(std::as_writable_bytes(std::span(random)));
  vault::SealedBytes sealed = keys.seal(Secret(std::move(random)), kPepperPlace);
  const auto inserted = repository.insert_secret(kPepper, sealed);
  if (inserted) return sealed;
  if (inserted.error().code != ErrorCode::conflict) return std::unexpected(inserted.error());
  const auto theirs = repository.secret(kPepper);
  if (!theirs) return std::unexpected(theirs.error());
  if (!*theirs) return fail(ErrorCode::unavailable, "The database lost its pepper.");
  return **theirs;
}

}  // namespace

Result<std::shared_ptr<const vault::Vault>> open_vault(store::Repository& repository,
                                                       const Secret& master_key,
                                                       std::span<const Secret> previous) {
  const auto keys = vault::Vault::open(master_key, previous);
  if (!keys) return keys;
  const auto sealed = read_or_make_pepper(repository, **keys);
  if (!sealed) return std::unexpected(sealed.error());
  const auto pepper = (*keys)->unseal(*sealed, kPepperPlace);
  if (!pepper) {
    return fail(ErrorCode::invalid_argument, "The master key does not fit this database.",
                "Start with the key that the database was made with. To change keys, give the new "
                "one as the master key and the old one as a previous key.");
  }
  if (!(*keys)->seals_with_current(*sealed, kPepperPlace)) {
    const auto resealed = repository.update_secret(kPepper, (*keys)->seal(*pepper, kPepperPlace));
    if (!resealed) return std::unexpected(resealed.error());
  }
  return (*keys)->with_pepper(*pepper);
}

}  // namespace patchbay::control
