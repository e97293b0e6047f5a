// The admin API of a server, given what it needs of the other rooms.
#pragma once

#include <memory>
#include <string>

#include "admin/api.h"
#include "app/foundations.h"
#include "app/reload.h"
#include "audit/journal.h"
#include "control/control_plane.h"
#include "control/tool_trials.h"
#include "definitions/definitions.h"
#include "io/runtime.h"
#include "telemetry/trace.h"
#include "telemetry/watch.h"

namespace patchbay::servers {
class MintedServerRegistry;
}

namespace patchbay::app {

// All outlive the API.
struct AdminApiParts {
  io::Runtime& runtime;
  control::ControlPlane& control;
  const Foundations& foundations;
  std::shared_ptr<audit::Journal> journal;
  const servers::MintedServerRegistry& minted;
  control::ToolTrials& trials;
  telemetry::Watch& watch;
  Reloading* reloading;  // null: there is nothing to read again
  definitions::Definitions& definitions;
  const telemetry::Tracer* tracer;  // null: traces are not recorded
  std::string url;                  // what stands before "/mcp/<token>"
  bool sandbox = false;             // of the demo: all that is connected is its sandbox
};

std::unique_ptr<admin::Api> make_admin_api(const AdminApiParts& parts);

}  // namespace patchbay::app
