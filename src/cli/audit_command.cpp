#include <cstdio>

#include <fmt/format.h>
#include <unistd.h>

#include "app/audit_log.h"
#include "cli/commands.h"
#include "cli/terminal/terminal.h"
#include "json/write.h"

namespace patchbay::cli {

int verify_audit(const AuditRequest& request) {
  const auto config = read_config(request.config_file, request.flags);
  if (!config) return report(config.error());
  const telemetry::Log log(STDERR_FILENO, telemetry::Level::warning);
  const auto verified = app::verify_audit(*config, request.heads, log);
  if (!verified) return report(verified.error());
  if (request.json) {
    fmt::print("{}\n", json::to_string(audit::view(*verified)));
  } else if (verified->faults.empty()) {
    fmt::print("{} events in {} chains: each is as it was recorded, and none is missing.\n",
               verified->events, verified->heads.size());
  } else {
    for (const audit::Fault& fault : verified->faults) fmt::print("{}\n", fault.what);
    fmt::print(
        "Only the first fault of a chain is told. Compare with a backup or an export, and find out "
        "who else can write to the database.\n");
  }
  return verified->faults.empty() ? 0 : 1;
}

int export_audit(const AuditRequest& request) {
  if (request.format != "jsonl" && request.format != "csv") {
    return report({ErrorCode::invalid_argument, "--format takes jsonl or csv.", ""});
  }
  const auto config = read_config(request.config_file, request.flags);
  if (!config) return report(config.error());
  const auto done = app::export_audit(
      *config, request.format == "csv", request.environment_id,
      [](std::string_view line) { std::fwrite(line.data(), 1, line.size(), stdout); });
  if (!done) return report(done.error());
  if (std::fflush(stdout) != 0) {
    return report({ErrorCode::unavailable, "Standard output cannot be written.", ""});
  }
  return 0;
}

}  // namespace patchbay::cli
