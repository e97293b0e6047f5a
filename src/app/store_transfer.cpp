#include "app/store_transfer.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <ranges>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "app/data_folder.h"
#include "app/database.h"
#include "base/text.h"
#include "store/copy.h"
#include "store/revocation_notes.h"
#include "store/transfer.h"

namespace patchbay::app {
namespace {

// Order is lifetime.
struct Place {
  std::optional<DataFolder> folder;  // of a file: nobody else works on it meanwhile
  std::unique_ptr<store::Repository> repository;
};

// What was taken away but stands in the database still would come back to life in a copy.
Result<> no_revocation_waits(const Config& config) {
  const auto waiting = store::read_revocation_notes(revocation_notes_file(config.data_dir));
  if (!waiting) return std::unexpected(waiting.error());
  if (waiting->empty()) return {};
  constexpr std::size_t kNamed = 5;
  std::vector<std::string> names;
  for (const store::Revocation& each : *waiting | std::views::take(kNamed)) {
    names.push_back(to_string(each));
  }
  if (waiting->size() > kNamed) names.emplace_back("…");
  return fail(
      ErrorCode::conflict,
      fmt::format("Revocations that the database could not take wait in the data folder "
                  "'{}' ({}): {}.",
                  config.data_dir, waiting->size(), join(names)),
      "Make room on the disk and start the server once, which writes them; then try again.");
}

enum class To : std::uint8_t { read, restore, receive };

Result<Place> open_place(const Config& config, To what) {
  Place place;
  const auto open = [&] {
    if (what == To::read) return open_existing_database(config);
    return what == To::restore ? open_database(config) : open_target_database(config);
  };
  if (config.database.empty()) {
    // A slip in the name is no wish for a new folder.
    if (what == To::read) {
      if (auto there = open(); !there) return std::unexpected(std::move(there.error()));
    }
    auto folder = DataFolder::open(config.data_dir);
    if (!folder) return std::unexpected(std::move(folder.error()));
    place.folder.emplace(std::move(*folder));
    if (auto none = no_revocation_waits(config); !none) {
      return std::unexpected(std::move(none.error()));
    }
  }
  auto repository = open();
  if (!repository) return std::unexpected(std::move(repository.error()));
  place.repository = std::move(*repository);
  return place;
}

Result<Config> config_of(std::string_view option, const std::string& text) {
  Config config;
  const bool is_url = text.starts_with("postgresql://") || text.starts_with("postgres://");
  const app::Option* const setting = find_option(is_url ? "database" : "data-dir");
  if (auto set = setting->set(config, text); !set) {
    return fail(ErrorCode::invalid_argument,
                std::string(option) +
                    " takes the address of a PostgreSQL database, which begins with postgresql:// "
                    "or postgres://, or a data folder; it is empty or no such.");
  }
  return config;
}

}  // namespace

Result<std::size_t> backup_store(const Config& config, const std::string& file,
                                 const store::Progress& progress) {
  const auto repository = open_existing_database(config);
  if (!repository) return std::unexpected(repository.error());
  if (auto none = no_revocation_waits(config); !none) return std::unexpected(none.error());
  return store::backup(**repository, file, progress);
}

Result<std::size_t> restore_store(const Config& config, const std::string& file,
                                  const store::Progress& progress) {
  // Also of a shared database: what waits there was taken away from another one.
  if (auto none = no_revocation_waits(config); !none) return std::unexpected(none.error());
  // Of a file that is no backup nothing is made.
  if (const auto whole = store::look_at_backup(file); !whole) return whole;
  std::error_code error;
  const bool is_new =
      config.database.empty() && !std::filesystem::exists(database_file(config), error);
  auto place = open_place(config, To::restore);
  if (!place) return std::unexpected(place.error());
  auto restored = store::restore(*place->repository, file, progress);
  if (!restored && is_new) {
    place->repository.reset();
    for (const char* const part : {"", "-wal", "-shm"}) {
      std::filesystem::remove(database_file(config) + part, error);
    }
  }
  return restored;
}

Result<std::size_t> migrate_store(const std::string& from, const std::string& to,
                                  const store::Progress& progress) {
  if (from == to) {
    return fail(ErrorCode::invalid_argument, "--from and --to are the same.",
                "Name an empty database with --to.");
  }
  const auto source = config_of("--from", from);
  if (!source) return std::unexpected(source.error());
  const auto target = config_of("--to", to);
  if (!target) return std::unexpected(target.error());
  const auto source_place = open_place(*source, To::read);
  if (!source_place) return std::unexpected(source_place.error());
  const auto target_place = open_place(*target, To::receive);
  if (!target_place) return std::unexpected(target_place.error());
  return store::copy(*source_place->repository, *target_place->repository, progress);
}

}  // namespace patchbay::app
