// integration.yaml, `instructions`: what a model is told beside what is true of all tools.
#pragma once

#include "pack/definition.h"

namespace patchbay::pack {

void read_instructions(const Node& node, Definition& definition);

}  // namespace patchbay::pack
