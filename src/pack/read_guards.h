// What a method looks at before it writes, and what of a resource's records hangs on others.
#pragma once

#include "pack/definition.h"

namespace patchbay::pack {

// duplicate_guard, overlap, looks_at and distinct of a method.
void read_guards(MappingReader& reader, const Resource& resource, Method& method,
                 Definition& definition);

// copies, inherits, stays and warnings of a resource, whose fields are read.
void read_dependents(MappingReader& reader, Resource& resource, Definition& definition);

}  // namespace patchbay::pack
