// integration.yaml: how to reach an API and sign in, and what its resources share.
#pragma once

#include "pack/definition.h"

namespace patchbay::pack {

void read_integration(const Node& root, Definition& definition);

}  // namespace patchbay::pack
