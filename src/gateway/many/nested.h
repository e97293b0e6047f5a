// A create that brings others along: a company with its sites and contacts, a project with phases.
// What they belong to is made first, and then each of them by a call of its own, with its id.
//
//   {"id":301,"name":"Acme","sites":{"applied":2,"failed":0,"result":[…]},"contacts":{…}}
//
// A dry run shows the requests of all of them, with "{id of the company}" where that will stand.
// What fails is told where it stands, and takes nothing back: what was made has its id in the
// answer. A call that is made again with its idempotency_key makes what is still missing.
#pragma once

#include "catalog/tool.h"
#include "gateway/call/context.h"
#include "gateway/many/many.h"
#include "io/runtime.h"
#include "io/task.h"
#include "json/value.h"

namespace patchbay::gateway {

bool brings_others(const catalog::Tool& tool, const json::Object& given);

// On the calling loop. References live until the task ends.
io::Task<CallResult> call_nested(io::Runtime& runtime, const catalog::Tool& tool,
                                 json::Object given, const CallContext& context,
                                 const SingleCall& call);

}  // namespace patchbay::gateway
