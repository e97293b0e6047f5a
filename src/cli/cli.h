// The command line: `patchbay COMMAND …`; `patchbay --help` lists the commands.
#pragma once

namespace patchbay::cli {

// Exit codes: 0 done, 1 failed (the reason is on standard error), 2 wrong usage.
int run(int argc, const char* const* argv);

}  // namespace patchbay::cli
