// Patchbay's own arguments: of each method those that it can hear.
#pragma once

#include <string>
#include <vector>

#include "pack/definition.h"

namespace patchbay::pack {

// `expressions`: the names of the raw expressions that the method takes; `line`: where it stands.
void add_platform_arguments(const Resource& resource, const std::vector<std::string>& expressions,
                            std::size_t line, Method& method, Definition& definition);

}  // namespace patchbay::pack
