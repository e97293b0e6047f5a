// The keys that a configuration names.
#pragma once

#include <vector>

#include "app/config.h"
#include "base/error.h"
#include "base/secret.h"
#include "telemetry/log.h"

namespace patchbay::app {

// The current master key first, then those that it replaced, which still open what they sealed.
Result<std::vector<Secret>> read_keys(const Config& config, const telemetry::Log& log);

}  // namespace patchbay::app
