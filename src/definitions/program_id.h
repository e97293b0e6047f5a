// Which program this is: what one build has kept for itself is not read by another.
#pragma once

#include <string>

namespace patchbay::definitions {

// What the linker has made of all that is in it, 20 bytes mostly. Empty: it has made none.
std::string program_id();

}  // namespace patchbay::definitions
