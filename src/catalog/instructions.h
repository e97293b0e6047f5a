// What a model is told of a server's tools before it calls any: how they name records, list, write
// and fail. Says only what these tools have, in the words of their integration.
#pragma once

#include <string>
#include <string_view>

#include "catalog/tool.h"

namespace patchbay::catalog {

// A line for each thing to know, with the integration's own last (`instructions` of its
// definition, those that name only what these tools have). `time_zone`: the account's, by its name.
std::string instructions(const Toolset& toolset, std::string_view time_zone);

}  // namespace patchbay::catalog
