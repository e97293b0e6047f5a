// integration.yaml: the form that an operator fills in, and the address, sign-in and headers that
// come of it.
#pragma once

#include "pack/definition.h"

namespace patchbay::pack {

// `credentials`, `base_url`, `auth` and `headers`.
void read_sign_in(MappingReader& reader, Definition& definition);

}  // namespace patchbay::pack
