// integration.yaml, `pagination`: how lists are divided, ordered, narrowed and filtered.
#pragma once

#include "pack/definition.h"

namespace patchbay::pack {

void read_pagination(const Node& node, Definition& definition);

// What `pagination` and `dialects` say of each other, once both are read: a filter needs a
// parameter that carries it as well as a language to write it in. `root` is integration.yaml's.
void check_pagination(const Node& root, Definition& definition);

}  // namespace patchbay::pack
