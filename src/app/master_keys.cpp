#include "app/master_keys.h"

#include <fstream>

#include <fmt/format.h>
#include <sys/stat.h>

#include "base/text.h"

namespace patchbay::app {

Result<std::vector<Secret>> read_keys(const Config& config, const telemetry::Log& log) {
  if (!config.key.empty()) return std::vector{config.key};
  if (config.key_file.empty()) {
    return fail(ErrorCode::invalid_argument,
                "There is no master key, and credentials are never stored unsealed.",
                "Make one with `patchbay key new patchbay.key`, then start with "
                "`--key-file patchbay.key` (or set PATCHBAY_KEY).");
  }
  std::ifstream file(config.key_file);
  if (struct stat status{}; ::stat(config.key_file.c_str(), &status) == 0 &&
                            (status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    log.write(telemetry::Level::warning,
              "The key file can be read by others than its owner; make that `chmod 600`.",
              {{"file", std::string_view(config.key_file)}});
  }
  std::vector<Secret> keys;
  for (std::string line; std::getline(file, line);) {
    if (!trim(line).empty()) keys.emplace_back(std::string(trim(line)));
  }
  if (keys.empty()) {
    return fail(ErrorCode::not_found,
                fmt::format("Cannot read the master key from '{}'.", config.key_file),
                "Make one with `patchbay key new FILE`.");
  }
  return keys;
}

}  // namespace patchbay::app
