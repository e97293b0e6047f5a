// What operators and their machines ask: health, metrics, and a front page for whoever opens the
// address in a browser.
#pragma once

#include <cstddef>
#include <functional>

#include "control/trust.h"
#include "http/router.h"

namespace patchbay::app {

// What /readyz goes by.
struct Health {
  std::size_t altered_rows = 0;
  bool serves = true;                  // by what is in memory, or by asking
  control::Trust::Time unconfirmed{};  // how long ago a shared database was heard
};

// GET / (with `has_dashboard` a browser is led there), /healthz (the process lives), /readyz (it
// can serve: 200. "degraded" with their number if rows were altered, which are not served: the
// others are, so that nobody can stop all of it by altering one; or if a shared database is silent.
// 503 once nothing is served for that).
void add_operation_routes(http::Router& router, bool has_dashboard, std::function<Health()> health);

}  // namespace patchbay::app
