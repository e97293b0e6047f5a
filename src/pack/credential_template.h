// Templates over an integration's credentials: "{site}/api".
#pragma once

#include <string>

#include "pack/definition.h"

namespace patchbay::pack {

// Every "{name}" must be a credential, which are read by then. `what` stands before what is told.
void check_template(const std::string& text, std::size_t line, const std::string& what,
                    Definition& definition);

}  // namespace patchbay::pack
