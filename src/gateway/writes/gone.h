// Whether a record that was deleted is gone: read where the answer to the delete does not say it.
#pragma once

#include <string>

#include "gateway/call/bound.h"
#include "gateway/call/call.h"
#include "gateway/call/tool_error.h"
#include "io/task.h"

namespace patchbay::gateway {

// Error: upstream, of a delete that was answered with `status` ("(HTTP 200)"): the record is there,
// or nobody knows.
io::Task<Outcome<>> check_gone(Call& call, const Prepared& prepared, std::string status);

}  // namespace patchbay::gateway
