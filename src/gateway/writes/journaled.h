// The journal's questions (audit/journal.h), for a call that waits for the answer on its loop.
#pragma once

#include "audit/journal.h"
#include "base/error.h"
#include "io/task.h"

namespace patchbay::gateway {

// Each has one commit behind it when it returns. The journal outlives what waits.
io::Task<Result<audit::Begun>> begin(audit::Journal& journal, audit::Write write);
io::Task<Result<audit::Begun>> resume(audit::Journal& journal, audit::Write write,
                                      audit::Open open);
io::Task<Result<>> end(audit::Journal& journal, audit::Go begun, audit::Ended ended,
                       audit::Ending ending);
io::Task<Result<>> free_key(audit::Journal& journal, audit::Go begun);

}  // namespace patchbay::gateway
