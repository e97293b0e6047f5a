#include "control/open_vault.h"

#include <cstddef>
#include <string>

#include "base/random.h"
#include "control/authority.h"

namespace patchbay::control {
namespace {

constexpr std::string_view kPepper = "pepper";
constexpr std::string_view kPepperPlace = "instance_secret/pepper";
constexpr std::size_t kPepperBytes = 32;
// Behind the pepper: the rows of this database are signed (authority.h).
constexpr std::string_view kRowsAreSigned = "\x01";

// What the database holds, made if there is nothing yet. Of several nodes that start at the same
// time the first one's stays. Whatever rows there are beside a new pepper are nobody's: they are
// not to be signed.
Result<vault::SealedBytes> read_or_make_pepper(store::Repository& repository,
                                               const vault::Vault& keys) {
  const auto stored = repository.secret(kPepper);
  if (!stored) return std::unexpected(stored.error());
  if (*stored) return **stored;
  std::string random(kPepperBytes, '\0');
  fill_random(std::as_writable_bytes(std::span(random)));
  random += kRowsAreSigned;
  vault::SealedBytes sealed = keys.seal(Secret(std::move(random)), kPepperPlace);
  const auto inserted = repository.insert_secret(kPepper, sealed);
  if (inserted) return sealed;
  if (inserted.error().code != ErrorCode::conflict) return std::unexpected(inserted.error());
  const auto theirs = repository.secret(kPepper);
  if (!theirs) return std::unexpected(theirs.error());
  if (!*theirs) return fail(ErrorCode::unavailable, "The database lost its pepper.");
  return **theirs;
}

Result<OpenedVault> open_with(const vault::Vault& keys, const vault::SealedBytes& sealed) {
  const auto pepper = keys.unseal(sealed, kPepperPlace);
  if (!pepper) {
    return fail(ErrorCode::invalid_argument, "The master key does not fit this database.",
                "Start with the key that the database was made with. To change keys, put the "
                "new one on the first line of the key file and leave the old one on the next.");
  }
  const std::string_view text = pepper->reveal();
  auto vault = keys.with_pepper(Secret(std::string(text.substr(0, kPepperBytes))));
  if (!vault) return std::unexpected(vault.error());
  return OpenedVault{.vault = std::move(*vault),
                     .rows_are_signed = text.substr(kPepperBytes) == kRowsAreSigned};
}

// The same pepper with the mark, by the current key.
Result<> seal_as_signed(store::Repository& repository, const vault::Vault& keys,
                        const vault::SealedBytes& sealed) {
  std::string text(keys.unseal(sealed, kPepperPlace)->reveal().substr(0, kPepperBytes));
  text += kRowsAreSigned;
  return repository.update_secret(kPepper, keys.seal(Secret(std::move(text)), kPepperPlace));
}

}  // namespace

Result<OpenedVault> look_into_vault(store::Repository& repository, const Secret& master_key,
                                    std::span<const Secret> previous) {
  const auto keys = vault::Vault::open(master_key, previous);
  if (!keys) return std::unexpected(keys.error());
  const auto sealed = repository.secret(kPepper);
  if (!sealed) return std::unexpected(sealed.error());
  if (!*sealed) {
    return fail(ErrorCode::not_found, "No server was ever started with this database.");
  }
  return open_with(**keys, **sealed);
}

Result<std::shared_ptr<const vault::Vault>> open_vault(store::Repository& repository,
                                                       const Secret& master_key,
                                                       std::span<const Secret> previous) {
  const auto keys = vault::Vault::open(master_key, previous);
  if (!keys) return keys;
  const auto sealed = read_or_make_pepper(repository, **keys);
  if (!sealed) return std::unexpected(sealed.error());
  auto opened = open_with(**keys, *sealed);
  if (!opened) return std::unexpected(opened.error());
  if (!opened->rows_are_signed) {
    return fail(ErrorCode::conflict,
                "The rows of this database carry no codes: it is of a version that made none, or a "
                "part of one was put back.",
                "If no server of this version ran with it before, make sure that nobody else could "
                "write to it, and run `patchbay store sign` once. Else restore a backup.");
  }
  if (!(*keys)->seals_with_current(*sealed, kPepperPlace)) {
    if (auto sealed_anew = seal_as_signed(repository, **keys, *sealed); !sealed_anew) {
      return std::unexpected(sealed_anew.error());
    }
  }
  return std::move(opened->vault);
}

Result<std::vector<std::string>> sign_old_rows(store::Repository& repository,
                                               const Secret& master_key,
                                               std::span<const Secret> previous) {
  const auto opened = look_into_vault(repository, master_key, previous);
  if (!opened) return std::unexpected(opened.error());
  if (opened->rows_are_signed) {
    return fail(ErrorCode::conflict, "The rows of this database are signed. Nothing was done.",
                "`patchbay store check` tells whether they are as they were written.");
  }
  auto rows = sign_rows(repository, *opened->vault);
  if (!rows) return rows;
  const auto keys = vault::Vault::open(master_key, previous);
  if (auto sealed_anew = seal_as_signed(repository, **keys, **repository.secret(kPepper));
      !sealed_anew) {
    return std::unexpected(sealed_anew.error());
  }
  return rows;
}

}  // namespace patchbay::control
