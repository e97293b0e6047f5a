// Whether the database says what this program wrote there.
#pragma once

#include <string>
#include <vector>

#include "app/config.h"
#include "base/error.h"
#include "telemetry/log.h"

namespace patchbay::app {

// A sentence for each fault: rows that something else altered, and rows that cannot be read at all.
// Changes nothing in them, and may run beside a server. Errors: there is no database, or the key
// does not fit it.
Result<std::vector<std::string>> check_store(const Config& config, const telemetry::Log& log);

}  // namespace patchbay::app
