// Bodies that carry a file, answers that are one, and what a request needs.
#pragma once

#include "pack/definition.h"

namespace patchbay::pack {

void read_files(MappingReader& reader, Method& method, Definition& definition);
void read_needs(MappingReader& reader, Method& method, Definition& definition);

}  // namespace patchbay::pack
