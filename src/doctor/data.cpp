// The master key, and what is stored.
#include <set>
#include <span>
#include <utility>

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/database.h"
#include "app/master_keys.h"
#include "app/store_check.h"
#include "control/open_vault.h"
#include "control/sealed_origin.h"
#include "doctor/checks.h"
#include "store/each_row.h"
#include "telemetry/log.h"

namespace patchbay::doctor {
namespace {

// What is told here stands in findings, not in a log.
const telemetry::Log& no_log() {
  static const telemetry::Log log(STDERR_FILENO, telemetry::Level::error);
  return log;
}

Finding fault(std::string_view check, const Error& error) {
  return {.check = std::string(check),
          .verdict = Verdict::fault,
          .what = error.message,
          .mend = error.hint};
}

void check_key_file(const app::Config& config, Findings& findings) {
  struct stat status{};
  const bool from_file = config.key.empty();
  if (from_file && ::stat(config.key_file.c_str(), &status) == 0 &&
      (status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    findings.push_back(
        {.check = "key",
         .verdict = Verdict::warning,
         .what = fmt::format("Others than its owner can read '{}'.", config.key_file),
         .mend = fmt::format("chmod 600 {}", config.key_file)});
  }
}

// Where the accounts' credentials go; those that do not open are told by the check of all rows.
std::vector<std::string> origins_of(store::Repository& repository, const vault::Vault& vault) {
  std::set<std::string> origins;
  static_cast<void>(
      store::each_row<store::AccountRow>(repository, [&](const auto& row) -> Result<> {
        const auto origin = control::sealed_origin(vault, row);
        if (origin && !origin->empty()) origins.insert(*origin);
        return {};
      }));
  return {origins.begin(), origins.end()};
}

void check_rows(const app::Config& config, Findings& findings) {
  const auto faults = app::check_store(config, no_log());
  if (!faults) {
    findings.push_back(fault("store", faults.error()));
  } else if (faults->count == 0) {
    findings.push_back({.check = "store", .what = "Every row is as it was written, and opens."});
  } else {
    constexpr std::size_t kMostTold = 20;
    for (std::size_t at = 0; at < faults->told.size() && at < kMostTold; ++at) {
      findings.push_back(
          {.check = "store",
           .verdict = Verdict::fault,
           .what = faults->told[at],
           .mend = "Restore it from a backup that you trust, or delete what it is."});
    }
    if (faults->count > kMostTold) {
      findings.push_back(
          {.check = "store",
           .verdict = Verdict::fault,
           .what = fmt::format("{} more are not as they were written.", faults->count - kMostTold),
           .mend = "`patchbay store check` lists all."});
    }
  }
}

}  // namespace

std::vector<std::string> check_data(const app::Config& config, Findings& findings) {
  const auto keys = app::read_keys(config, no_log());
  if (!keys) findings.push_back(fault("key", keys.error()));
  const auto proper = keys ? vault::Vault::open(keys->front(), std::span(*keys).subspan(1))
                           : fail(ErrorCode::not_found, "");
  if (keys && !proper) findings.push_back(fault("key", proper.error()));
  if (proper) check_key_file(config, findings);

  auto repository = app::open_existing_database(config);
  if (!repository) {
    const bool is_new = config.database.empty() && repository.error().code == ErrorCode::not_found;
    Finding finding = fault("store", repository.error());
    if (is_new) finding.verdict = Verdict::warning;
    findings.push_back(std::move(finding));
  }
  if (!proper || !repository) return {};
  const auto opened =
      control::look_into_vault(**repository, keys->front(), std::span(*keys).subspan(1));
  if (!opened) {
    findings.push_back(fault("key", opened.error()));
    return {};
  }
  findings.push_back({.check = "key", .what = "It opens what is stored."});
  check_rows(config, findings);
  return origins_of(**repository, *opened->vault);
}

}  // namespace patchbay::doctor
