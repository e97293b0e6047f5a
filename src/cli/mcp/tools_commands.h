// `patchbay tools`: the tools of an MCP URL, as a person looks at them and calls them.
#pragma once

#include "cli/line/command_line.h"

namespace patchbay::cli {

Command add_tools_commands(Command& root);

}  // namespace patchbay::cli
