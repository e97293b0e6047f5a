// What is about people: fields that are marked, and the arguments that hold their values.
#pragma once

#include "pack/definition.h"

namespace patchbay::pack {

// `personal_fields` of integration.yaml.
void read_personal_fields(MappingReader& reader, Definition& definition);

// Once all resources are known: marks what is so named, what names a record that is called by a
// personal field, and the arguments of all of these, through the steps of composites too.
void link_personal(Definition& definition);

}  // namespace patchbay::pack
