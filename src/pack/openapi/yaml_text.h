// A value as the text of a YAML file: block style, texts quoted where they could be taken for
// anything else, nothing that a reader refuses.
#pragma once

#include <string>

#include "json/value.h"

namespace patchbay::openapi {

std::string to_yaml(const json::Object& value);

}  // namespace patchbay::openapi
