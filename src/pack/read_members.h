// The people of an account: how the API tells who signs in, and whom a write is by.
#pragma once

#include "pack/definition.h"

namespace patchbay::pack {

// `members` of integration.yaml.
void read_members(const Node& node, Definition& definition);

// Once all is read: personal credentials have no part in the address, and are some member's.
void check_personal(const Node& root, Definition& definition);

// `author` of a method, whose arguments are read.
void read_author(MappingReader& reader, Method& method, Definition& definition);

}  // namespace patchbay::pack
