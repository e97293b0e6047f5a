// The commands that work on a running instance through its admin API, each group with what it
// takes. The group is returned, for its place in the help.
#pragma once

#include "cli/line/command_line.h"

namespace patchbay::cli {

Command add_profile_commands(Command& root);
Command add_environment_commands(Command& root);
Command add_account_commands(Command& root);
Command add_server_commands(Command& root);
Command add_approval_commands(Command& root);
Command add_log_commands(Command& root);
Command add_webhook_commands(Command& root);
Command add_dashboard_command(Command& root);
// Into the group `token`, which has an offline command too.
void add_token_commands(Command& token);
// Into the group `integration`, which has offline commands too.
void add_definition_commands(Command& integration);

}  // namespace patchbay::cli
