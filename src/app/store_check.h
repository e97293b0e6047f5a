// Whether the database says what this program wrote there, and the one time that an operator says
// so of what an earlier version wrote.
#pragma once

#include <string>
#include <vector>

#include "app/config.h"
#include "base/error.h"
#include "control/store_faults.h"
#include "telemetry/log.h"

namespace patchbay::app {

// Its faults: rows that something else altered, rows that cannot be read at all, what does not open
// or names what is not there, and revocations that wait. Changes nothing in them, and may run
// beside a server. Errors: there is no database, a copy into it has not ended, or the key does not
// fit it.
Result<control::StoreFaults> check_store(const Config& config, const telemetry::Log& log);

// Signs the rows of a database of a version that made no codes: a sentence for each. Errors: there
// is no database, the key does not fit it, conflict (they are signed, or a server runs on them).
Result<std::vector<std::string>> sign_store(const Config& config, const telemetry::Log& log);

}  // namespace patchbay::app
