// Problems of a definition, for people and for programs.
#pragma once

#include <vector>

#include "json/value.h"
#include "pack/loader.h"

namespace patchbay::cli {

json::Value problems_as_json(const std::vector<pack::Problem>& problems);
// On standard output.
void print_problems(const std::vector<pack::Problem>& problems);

}  // namespace patchbay::cli
