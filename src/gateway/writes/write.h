// A write sent, and what became of it.
#pragma once

#include <string>

#include "gateway/call/bound.h"
#include "gateway/call/call.h"
#include "gateway/call/tool_error.h"
#include "io/task.h"

namespace patchbay::gateway {

// The record that came back, or what the write is known by where the API answers with nothing.
// Errors: the upstream's refusal, which says whether the write took place; upstream (its answer
// tells neither).
io::Task<Outcome<std::string>> write(Call& call, const Prepared& prepared);

// The same for a write that was done before: with the record that it made, or by its path's names
// alone.
io::Task<Outcome<std::string>> tell_record(Call& call, const Prepared& prepared,
                                           const json::Value& record);
std::string tell_done(Call& call, const Prepared& prepared);

}  // namespace patchbay::gateway
