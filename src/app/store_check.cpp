#include "app/store_check.h"

#include <filesystem>
#include <span>

#include <fmt/format.h>

#include "app/master_keys.h"
#include "control/authority.h"
#include "control/open_vault.h"
#include "store/repository.h"

namespace patchbay::app {

Result<std::vector<std::string>> check_store(const Config& config, const telemetry::Log& log) {
  const std::string path = config.data_dir + "/patchbay.db";
  std::error_code error;
  // To open one that is not there would make it.
  if (!std::filesystem::is_regular_file(path, error)) {
    return fail(ErrorCode::not_found, fmt::format("There is no database '{}'.", path),
                "Name the data folder of the server with --data-dir.");
  }
  const auto keys = read_keys(config, log);
  if (!keys) return std::unexpected(keys.error());
  auto repository = store::open_sqlite(path);
  if (!repository) return std::unexpected(repository.error());
  const auto opened =
      control::look_into_vault(**repository, keys->front(), std::span(*keys).subspan(1));
  if (!opened) return std::unexpected(opened.error());
  if (!opened->rows_are_signed) {
    return fail(ErrorCode::conflict, "The rows of this database were never signed.",
                "Start the server once with this version, then check again.");
  }
  auto faults = control::altered_rows(**repository, *opened->vault);
  if (!faults && faults.error().code == ErrorCode::internal) {
    return std::vector<std::string>{faults.error().message};
  }
  return faults;
}

}  // namespace patchbay::app
