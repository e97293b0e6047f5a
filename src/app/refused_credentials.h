// What becomes of an account, or of a server with a member's own credentials, when the upstream
// refuses them during a call.
#pragma once

#include "control/control_plane.h"
#include "control/snapshot.h"
#include "io/runtime.h"

namespace patchbay::app {

// On the loop of the call; what it writes to the database goes to the blocking pool. Both outlive
// what runs.
void note_refused_credentials(io::Runtime& runtime, control::ControlPlane& control,
                              const control::McpServer& server);

}  // namespace patchbay::app
