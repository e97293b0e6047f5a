// How an API tells what is wrong.
#pragma once

#include <string>

namespace patchbay::integration {

// Where an error body says what, as JSON pointers.
struct ErrorShape {
  std::string code = "/code";
  std::string message = "/message";
  std::string field_errors = "/errors";
  std::string field = "/field";  // within one of the field errors
  std::string field_message = "/message";
};

}  // namespace patchbay::integration
