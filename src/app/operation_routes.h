// What operators and their machines ask: health, metrics, and a front page for whoever opens the
// address in a browser.
#pragma once

#include "http/router.h"

namespace patchbay::app {

// GET /, /healthz (the process lives), /readyz (it can serve).
void add_operation_routes(http::Router& router);

}  // namespace patchbay::app
