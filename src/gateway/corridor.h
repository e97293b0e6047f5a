// The corridor of a call, from its arguments to what it gives.
#pragma once

#include <functional>

#include "gateway/call/call.h"
#include "gateway/call/context.h"
#include "gateway/call/tool_error.h"
#include "io/task.h"
#include "json/value.h"

namespace patchbay::gateway {

// On the call's loop. Errors are said for a model.
io::Task<Outcome<Content>> run(Call& call, json::Object given);

// A write as far as the last door: what it would send (Preview::shown). Null: `asks` said that
// nobody has to be asked. Errors are said for a model.
io::Task<Outcome<json::Value>> show_write(Call& call, json::Object given,
                                          const std::function<bool(const json::Object&)>& asks);

}  // namespace patchbay::gateway
