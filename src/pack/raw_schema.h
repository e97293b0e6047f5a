// Methods that bring JSON Schemas of their own.
#pragma once

#include "pack/definition.h"

namespace patchbay::pack {

void read_raw_schemas(MappingReader& reader, Method& method, Definition& definition);

}  // namespace patchbay::pack
