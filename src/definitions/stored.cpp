#include "definitions/stored.h"

#include <utility>

#include "control/authority.h"
#include "definitions/packed.h"

namespace patchbay::definitions {
namespace {

std::string text_of(const store::DefinitionRow& row) {
  return control::bind_together({"integration_revision", row.id, row.integration,
                                 std::to_string(row.revision), row.origin,
                                 std::to_string(row.uploaded), std::to_string(row.imported),
                                 row.files, std::to_string(row.tools), row.created_by,
                                 std::to_string(row.created_at.time_since_epoch().count())});
}

std::unexpected<Error> not_kept(const std::string& name, std::int64_t revision) {
  return fail(
      ErrorCode::not_found,
      "There is no version " + std::to_string(revision) + " of the integration '" + name + "'.",
      "GET /integration/" + name + "/revisions lists those that are kept.");
}

}  // namespace

Result<> StoredDefinitions::check(const store::DefinitionRow& row) const {
  if (vault_->is_code(row.mac, text_of(row))) return {};
  return fail(ErrorCode::internal,
              "Version " + std::to_string(row.revision) + " of the integration '" +
                  row.integration + "' is not as it was kept in the store.",
              "Upload or import it again, or go back to another version.");
}

Result<std::int64_t> StoredDefinitions::latest_revision(const std::string& name) const {
  const auto rows = rows_.list(name, store::DefinitionRows::kFromLatest, 1);
  if (!rows) return std::unexpected(rows.error());
  return rows->empty() ? 0 : rows->front().revision;
}

Result<Version> StoredDefinitions::latest(const std::string& name) const {
  const auto row = rows_.latest(name);
  if (!row) return std::unexpected(row.error());
  return *row ? made_of(**row) : Version{};
}

Result<Version> StoredDefinitions::find(const std::string& name, std::int64_t revision) const {
  const auto row = rows_.find(name, revision);
  if (!row) return std::unexpected(row.error());
  return *row ? made_of(**row) : not_kept(name, revision);
}

Result<FileList> StoredDefinitions::files_of(const store::DefinitionRow& row,
                                             std::int64_t revision) const {
  if (revision == row.revision) return unpack_files(row.files);
  const auto other = rows_.find(row.integration, revision);
  if (!other) return std::unexpected(other.error());
  if (!*other) return not_kept(row.integration, revision);
  if (auto sound = check(**other); !sound) return std::unexpected(sound.error());
  return unpack_files((*other)->files);
}

Result<Version> StoredDefinitions::made_of(const store::DefinitionRow& row) const {
  if (auto sound = check(row); !sound) return std::unexpected(sound.error());
  Version version{.revision = row.revision,
                  .origin = row.origin == "imported" ? Origin::imported : Origin::uploaded,
                  .uploaded = {},
                  .imported = {},
                  .uploaded_by = row.uploaded,
                  .imported_by = row.imported};
  if (row.uploaded != 0) {
    auto files = files_of(row, row.uploaded);
    if (!files) return std::unexpected(std::move(files.error()));
    version.uploaded = std::move(*files);
  }
  if (row.imported != 0) {
    auto files = files_of(row, row.imported);
    if (!files) return std::unexpected(std::move(files.error()));
    version.imported = std::move(*files);
  }
  return version;
}

Result<std::int64_t> StoredDefinitions::keep(const std::string& name, const Version& version,
                                             std::int64_t tools,
                                             const std::string& created_by) const {
  store::DefinitionRow row{
      .id = store::definition_id(name, version.revision + 1),
      .integration = name,
      .revision = version.revision + 1,
      .origin = std::string(to_string(version.origin)),
      .uploaded = version.uploaded_by,
      .imported = version.imported_by,
      .files = {},
      .tools = tools,
      .created_by = created_by,
      .created_at = clock_.now(),
  };
  const FileList* brought = nullptr;
  if (version.uploaded && version.uploaded_by == 0) {
    brought = &*version.uploaded;
    row.uploaded = row.revision;
  }
  if (version.imported && version.imported_by == 0) {
    brought = &*version.imported;
    row.imported = row.revision;
  }
  if (brought != nullptr) {
    auto packed = pack_files(*brought);
    if (!packed) return std::unexpected(std::move(packed.error()));
    row.files = std::move(*packed);
  }
  row.mac = vault_->code(text_of(row));
  auto kept = rows_.insert(row, kMostVersions);
  if (kept) return row.revision;
  if (kept.error().code == ErrorCode::conflict) {
    return fail(ErrorCode::conflict,
                "Another version of the integration '" + name + "' came in between.",
                "Look at what it is now, then repeat the change.");
  }
  return std::unexpected(std::move(kept.error()));
}

Result<std::vector<store::DefinitionRow>> StoredDefinitions::list(const std::string& name,
                                                                  std::int64_t before,
                                                                  std::size_t limit) const {
  return rows_.list(name, before, limit);
}

Result<std::vector<std::string>> StoredDefinitions::names() const {
  return rows_.integrations();
}

Result<std::vector<std::string>> StoredDefinitions::faults() const {
  const auto all = names();
  if (!all) return std::unexpected(all.error());
  std::vector<std::string> found;
  for (const std::string& name : *all) {
    const auto versions = rows_.list(name, store::DefinitionRows::kFromLatest, 10 * kMostVersions);
    if (!versions) return std::unexpected(versions.error());
    for (const store::DefinitionRow& version : *versions) {
      const auto row = rows_.find(name, version.revision);
      if (!row) return std::unexpected(row.error());
      if (!*row) continue;  // a newer one came meanwhile
      if (const auto sound = check(**row); !sound) found.push_back(sound.error().message);
    }
  }
  return found;
}

}  // namespace patchbay::definitions
