// Definitions that the store keeps: versions of what was uploaded and imported, signed, so that a
// row that somebody else wrote defines nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "definitions/sources.h"
#include "store/definition_rows.h"
#include "vault/vault.h"

namespace patchbay::definitions {

using FileList = std::vector<pack::PackFile>;

// What a version is made of; nothing: it has no such part.
struct Version {
  std::int64_t revision = 0;  // 0: none yet
  Origin origin = Origin::uploaded;
  std::optional<FileList> uploaded;
  std::optional<FileList> imported;
  // The versions that brought them.
  std::int64_t uploaded_by = 0;
  std::int64_t imported_by = 0;
};

// Errors of all: unavailable, internal (what is kept is damaged or was altered).
class StoredDefinitions {
 public:
  // So many versions of an integration are kept, and those that they are made of.
  static constexpr std::size_t kMostVersions = 20;

  // `rows` outlives it.
  StoredDefinitions(store::DefinitionRows& rows, std::shared_ptr<const vault::Vault> vault,
                    const Clock& clock)
      : rows_(rows), vault_(std::move(vault)), clock_(clock) {}

  // The number of the latest version; 0: there is none. Cheap.
  Result<std::int64_t> latest_revision(const std::string& name) const;
  // Of revision 0 where there is none.
  Result<Version> latest(const std::string& name) const;
  // Error not_found: it was never there, or is not kept any more.
  Result<Version> find(const std::string& name, std::int64_t revision) const;

  // `version` as the one after its revision: its parts that are brought by nobody yet (0) are
  // brought by this one. Returns its number. Errors: conflict (somebody else was faster),
  // too_large.
  Result<std::int64_t> keep(const std::string& name, const Version& version, std::int64_t tools,
                            const std::string& created_by) const;

  // The latest first.
  Result<std::vector<store::DefinitionRow>> list(const std::string& name, std::int64_t before,
                                                 std::size_t limit) const;
  Result<std::vector<std::string>> names() const;

  // What is not as it was kept, a sentence each.
  Result<std::vector<std::string>> faults() const;

 private:
  Result<Version> made_of(const store::DefinitionRow& row) const;
  Result<FileList> files_of(const store::DefinitionRow& row, std::int64_t revision) const;
  Result<> check(const store::DefinitionRow& row) const;

  store::DefinitionRows& rows_;
  const std::shared_ptr<const vault::Vault> vault_;
  const Clock& clock_;
};

}  // namespace patchbay::definitions
