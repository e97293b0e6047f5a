// In place of a write: the request that it would have sent.
#pragma once

#include <string>

#include "gateway/call/bound.h"
#include "gateway/call/call.h"
#include "gateway/call/tool_error.h"
#include "io/task.h"
#include "json/value.h"

namespace patchbay::gateway {

// {"method", "path", "query", "body"}: without headers, since the sign-in is among them, and
// without a file's content.
json::Object shown_request(const Call& call, const Bound& bound);

// {"dry_run": true, "request": {…}}, with what it touches and what it would be warned of. Without
// the sign-in, and without a file's content. Errors: what the write would be refused for before it
// is sent.
io::Task<Outcome<std::string>> show_request(Call& call, const Prepared& prepared);

}  // namespace patchbay::gateway
