// What shells need to complete a command line, made from the commands that there are.
#pragma once

#include <string>

#include "cli/line/command_line.h"

namespace patchbay::cli {

// Scripts to be evaluated by the shell. Both go down the commands that are typed, and offer
// commands, options, the values of those that take few, profiles and files.
std::string bash_completion(const CommandOutline& root);
std::string zsh_completion(const CommandOutline& root);

}  // namespace patchbay::cli
