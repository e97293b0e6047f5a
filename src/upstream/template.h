// Templates of integrations: "{name}" stands for a credential.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/secret.h"

namespace patchbay::upstream {

// Error invalid_argument names a placeholder without a value, or an open brace; never a value.
Result<Secret> fill(std::string_view text, const std::map<std::string, Secret>& values);

}  // namespace patchbay::upstream
