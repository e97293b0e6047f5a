// prompts/<name>.yaml: one prompt.
#pragma once

#include <string>

#include "pack/definition.h"

namespace patchbay::pack {

void read_prompt(const Node& root, const std::string& file_name, Definition& definition);

}  // namespace patchbay::pack
