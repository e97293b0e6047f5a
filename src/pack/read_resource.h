// resources/<name>.yaml: one resource with its fields and methods.
#pragma once

#include <string>

#include "pack/definition.h"

namespace patchbay::pack {

void read_resource(const Node& root, const std::string& file_name, Definition& definition);

}  // namespace patchbay::pack
