// reports/<name>.yaml: what a list can be counted and added up by.
#pragma once

#include <string>

#include "pack/definition.h"

namespace patchbay::pack {

// Once all resources are read: gives the resource's list its report, and the arguments for it.
void read_report(const Node& root, const std::string& file_name, Definition& definition);

}  // namespace patchbay::pack
