// Whose records a resource's are, and whose ids its fields hold.
#pragma once

#include "pack/definition.h"

namespace patchbay::pack {

// `owners` of integration.yaml.
void read_owners(const Node& node, Definition& definition);

// `owned_by` and `points_to` of a resource, whose fields are read.
void read_ownership(MappingReader& reader, Resource& resource, Definition& definition);

}  // namespace patchbay::pack
