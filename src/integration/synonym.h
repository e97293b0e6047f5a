// What people say for what a definition calls otherwise.
#pragma once

#include <string>

namespace patchbay::integration {

// What people call something, and what this API's definition calls it: "customer" is "company".
// Searches for tools take one for the other.
struct Synonym {
  std::string says;
  std::string means;
};

}  // namespace patchbay::integration
