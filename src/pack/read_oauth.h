// What `auth` says where tokens are had from an authorization server.
#pragma once

#include "pack/definition.h"

namespace patchbay::pack {

// Of the integration's `auth`, whose style is read. `known`: it is one that there is.
void read_oauth(MappingReader& auth, bool known, Definition& definition);

}  // namespace patchbay::pack
