// What older revisions do not know, said in a way that they do: an unknown content type makes some
// clients reject the whole result. (Unknown members are ignored by all of them and stay.)
#pragma once

#include "json/value.h"
#include "mcp/wire/protocol.h"

namespace patchbay::mcp {

json::Object gate_content(json::Object result, Revision revision);

}  // namespace patchbay::mcp
