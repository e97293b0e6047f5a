// The audit log of a database, for who has the key and the data; a server may run beside it.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "app/config.h"
#include "audit/verify.h"
#include "base/error.h"
#include "telemetry/log.h"

namespace patchbay::app {

// `heads`: "<chain>:<number>:<link>", as they were noted. Errors: there is no database, the key
// does not fit it, or a head is none.
Result<audit::Verified> verify_audit(const Config& config, const std::vector<std::string>& heads,
                                     const telemetry::Log& log);

// Calls `write` with line after line, newest event first. `environment_id` empty: all. The errors
// as of the database.
Result<> export_audit(const Config& config, bool csv, const std::string& environment_id,
                      const std::function<void(std::string_view)>& write);

}  // namespace patchbay::app
