// integration.yaml, `enums` and `references`: the types that resources share.
#pragma once

#include "pack/definition.h"

namespace patchbay::pack {

void read_types(MappingReader& reader, Definition& definition);

}  // namespace patchbay::pack
