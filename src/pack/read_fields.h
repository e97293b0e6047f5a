// Fields of records.
#pragma once

#include <string>
#include <vector>

#include "pack/definition.h"

namespace patchbay::pack {

FieldSet read_fields(MappingReader& resource, Definition& definition);
// `set`: where the look-ups of its references go, or null for a child, which has none.
Field read_field(const std::string& name, const Node& node, Definition& definition, FieldSet* set);
// `scope` and `narrow`.
std::vector<Scope> read_scopes(MappingReader& reader);

}  // namespace patchbay::pack
