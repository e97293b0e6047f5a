// What another definition changes, as a person reads it.
#pragma once

#include "json/value.h"

namespace patchbay::cli {

// `change`: what the admin API answers to a change of a definition: diff, mcp_servers, left_out.
// Prints it.
void print_definition_change(const json::Value& change);
// Only its `diff`.
void print_difference(const json::Value& difference);

}  // namespace patchbay::cli
