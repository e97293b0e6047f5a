// From a body to its answer: the protocol's validation ladder, in its order (the table of
// docs/mcp-conformance.md). access.h holds the steps before the body is read.
#pragma once

#include <memory>

#include "http/message.h"
#include "io/task.h"
#include "mcp/access.h"
#include "mcp/methods/services.h"
#include "mcp/server/server.h"

namespace patchbay::mcp {

// References live until the response is written.
io::Task<http::Response> answer(std::shared_ptr<const Server> server, http::Request& request,
                                Acceptable acceptable, Services& services);

}  // namespace patchbay::mcp
