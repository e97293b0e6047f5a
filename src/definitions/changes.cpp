// Changes that somebody asks for: imports, uploads, and going back.
#include <algorithm>
#include <utility>

#include "definitions/definitions.h"
#include "integration/naming.h"
#include "pack/openapi/import.h"

namespace patchbay::definitions {
namespace {

constexpr std::size_t kMaxName = 32;
constexpr std::size_t kMaxFiles = 5'000;
constexpr std::string_view kByChange = "a change of its versions";

Result<> check_name(const std::string& name) {
  if (integration::is_snake_name(name) && name.size() <= kMaxName) return {};
  return fail(ErrorCode::invalid_argument,
              "'" + name.substr(0, 100) + "' is no name of an integration.",
              "Use a-z, 0-9 and single _, at most 32.");
}

Result<> check_paths(const FileList& files) {
  if (files.size() > kMaxFiles) {
    return fail(ErrorCode::too_large, "These are more than 5,000 files.", "Split the integration.");
  }
  std::vector<std::string_view> seen;
  for (const pack::PackFile& file : files) {
    std::string_view rest = file.path;
    for (const std::string_view part : {"resources/", "prompts/", "reports/"}) {
      if (rest.starts_with(part)) rest.remove_prefix(part.size());
    }
    const bool is_one = file.path == "integration.yaml" ||
                        (rest.size() < file.path.size() && rest.ends_with(".yaml") &&
                         integration::is_snake_name(rest.substr(0, rest.size() - 5)));
    if (!is_one) {
      return fail(
          ErrorCode::invalid_argument,
          "'" + file.path.substr(0, 200) + "' is no file of a definition.",
          "There are integration.yaml, and <name>.yaml in resources/, prompts/ and reports/.");
    }
    seen.push_back(file.path);
  }
  std::ranges::sort(seen);
  if (const auto twice = std::ranges::adjacent_find(seen); twice != seen.end()) {
    return fail(ErrorCode::invalid_argument, "'" + std::string(*twice) + "' is given twice.");
  }
  return {};
}

// Only one at a time: an import takes a core for seconds.
class Only {
 public:
  explicit Only(std::atomic<bool>& taken) : taken_(taken), is_mine_(!taken.exchange(true)) {}
  ~Only() {
    if (is_mine_) taken_ = false;
  }
  Only(const Only&) = delete;
  Only& operator=(const Only&) = delete;
  bool is_mine() const { return is_mine_; }

 private:
  std::atomic<bool>& taken_;
  const bool is_mine_;
};

}  // namespace

Result<Outcome> Definitions::import_document(const std::string& name, std::string_view document,
                                             const Wish& wish) {
  if (auto named = check_name(name); !named) return std::unexpected(named.error());
  const Only only(importing_);
  if (!only.is_mine()) {
    return fail(ErrorCode::rate_limited, "Another document is being imported at this moment.",
                "Try again in a few seconds.");
  }
  auto imported =
      openapi::import_document(document, {.name = name, .file = "the document", .progress = {}});
  Outcome outcome;
  outcome.operations = imported.operations;
  for (auto& each : imported.left_out) {
    outcome.left_out.push_back({std::move(each.operation), std::move(each.reason)});
  }
  if (!imported.integration) {
    std::erase_if(imported.problems, &pack::Problem::warning);
    outcome.faults = std::move(imported.problems);
    return outcome;
  }
  const MutexLock turn(turn_);
  auto version = latest_of(name);
  if (!version) return std::unexpected(std::move(version.error()));
  version->origin = Origin::imported;
  version->imported = std::move(imported.files);
  version->imported_by = 0;
  return change(name, std::move(*version), wish, std::move(outcome));
}

Result<Outcome> Definitions::upload(const std::string& name, FileList files, const Wish& wish) {
  if (auto named = check_name(name); !named) return std::unexpected(named.error());
  if (auto paths = check_paths(files); !paths) return std::unexpected(paths.error());
  for (pack::PackFile& file : files) file.path.insert(0, name + "/");
  const MutexLock turn(turn_);
  auto version = latest_of(name);
  if (!version) return std::unexpected(std::move(version.error()));
  version->origin = Origin::uploaded;
  version->uploaded = std::move(files);
  version->uploaded_by = 0;
  return change(name, std::move(*version), wish, {});
}

Result<Outcome> Definitions::roll_back(const std::string& name, std::int64_t revision,
                                       const Wish& wish) {
  if (stored_ == nullptr) {
    return fail(ErrorCode::not_found, "No versions of definitions are kept here.");
  }
  const MutexLock turn(turn_);
  const auto latest = stored_->latest_revision(name);
  if (!latest) return std::unexpected(latest.error());
  auto version = stored_->find(name, revision);
  if (!version) return std::unexpected(std::move(version.error()));
  version->revision = *latest;
  return change(name, std::move(*version), wish, {});
}

Result<Outcome> Definitions::change(const std::string& name, Version version, const Wish& wish,
                                    Outcome outcome) {
  if (stored_ == nullptr) {
    return fail(ErrorCode::unsupported, "This server keeps no definitions.");
  }
  auto by_hand = sources_.find(name);
  if (!by_hand) return std::unexpected(std::move(by_hand.error()));
  const bool is_upload = version.uploaded && version.uploaded_by == 0;
  if (is_upload && *by_hand && (*by_hand)->origin == Origin::directory) {
    return fail(ErrorCode::conflict,
                "The integration '" + name +
                    "' stands in the folder of this server, which goes before what is uploaded.",
                "Change it there, or take it out of that folder first.");
  }
  const bool is_import = version.imported && version.imported_by == 0;
  if (is_import && *by_hand && (*by_hand)->is_import) {
    return fail(ErrorCode::conflict,
                "The integration '" + name +
                    "' was imported into the folder of this server, which goes before what is "
                    "imported here.",
                "Import it there again, or take it out of that folder first.");
  }
  const std::string folder_digest = digest_of(*by_hand);
  Composed composed = combine(std::move(*by_hand), version);
  Tried tried = try_it(name, composed);
  if (!tried.catalog) {
    outcome.faults = std::move(tried.faults);
    return outcome;
  }
  const Catalog before = entry_of(name).catalog;
  outcome.tools = tried.catalog->tools().size();
  outcome.difference = difference(before.get(), *tried.catalog);
  if (control_ != nullptr) {
    auto felt = effects_on_servers(*control_, before, tried.catalog, outcome.difference);
    if (!felt) return std::unexpected(std::move(felt.error()));
    outcome.servers = std::move(*felt);
  }
  if (wish.preview) return outcome;
  const auto revision =
      stored_->keep(name, version, static_cast<std::int64_t>(outcome.tools), wish.created_by);
  if (!revision) return std::unexpected(revision.error());
  outcome.revision = composed.revision = *revision;
  composed.key = std::to_string(*revision) + '/' + folder_digest;
  put(name, composed, std::move(tried.catalog), kByChange);
  return outcome;
}

Result<std::vector<store::DefinitionRow>> Definitions::revisions(const std::string& name,
                                                                 std::int64_t before,
                                                                 std::size_t limit) const {
  if (!standing(name)) {
    return fail(ErrorCode::not_found, "There is no integration '" + name.substr(0, 100) + "'.");
  }
  if (stored_ == nullptr) return std::vector<store::DefinitionRow>();
  return stored_->list(name, before, limit);
}

}  // namespace patchbay::definitions
