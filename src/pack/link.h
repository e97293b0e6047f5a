// What resources say of each other, once all of them are known.
#pragma once

#include "pack/definition.h"

namespace patchbay::pack {

void link(Definition& definition);

}  // namespace patchbay::pack
