// A method that is several calls of others.
#pragma once

#include <string>

#include "pack/definition.h"

namespace patchbay::pack {

void read_composite(const Node& node, const std::string& what, Method& method,
                    Definition& definition);

}  // namespace patchbay::pack
