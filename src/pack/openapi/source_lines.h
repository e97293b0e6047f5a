// On which line of a document something stands. Asked for problems only: one walk over the text
// each time.
#pragma once

#include <cstddef>
#include <string_view>

#include "yaml/yaml.h"

namespace patchbay::openapi {

// `pointer`: a JSON pointer. Of what it does not find, the line of the last part that it does.
// The text is valid JSON; 0 if it is not.
std::size_t line_in_json(std::string_view text, std::string_view pointer);
std::size_t line_in_yaml(const yaml::Node& root, std::string_view pointer);

}  // namespace patchbay::openapi
