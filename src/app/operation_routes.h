// What operators and their machines ask: health, metrics, and a front page for whoever opens the
// address in a browser.
#pragma once

#include <cstddef>
#include <functional>

#include "http/router.h"

namespace patchbay::app {

// GET /, /healthz (the process lives), /readyz (it can serve; "degraded" with their number if rows
// were altered, which are not served: the others are, so that nobody can stop all of it by altering
// one).
void add_operation_routes(http::Router& router, std::function<std::size_t()> altered_rows);

}  // namespace patchbay::app
