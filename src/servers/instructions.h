// What a model is told of a server before it calls anything.
#pragma once

#include <string>

#include "control/snapshot.h"

namespace patchbay::servers {

std::string instructions_for(const control::McpServer& server);

}  // namespace patchbay::servers
