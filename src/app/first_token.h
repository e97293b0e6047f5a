// The file that tells an owner the first API token of a new instance.
#pragma once

#include <string>

#include "app/data_folder.h"
#include "base/error.h"
#include "vault/token.h"

namespace patchbay::app {

// Its path.
std::string first_token_file(const DataFolder& folder);

// Writes the file: whole or not at all, for its owner only, over nothing that is there and through
// no link. That it is there already with this very token is what was wanted. Errors: conflict
// (something else is there), unavailable. The token is not to be used before this has succeeded.
Result<> write_first_token(const DataFolder& folder, const vault::Token& token);

}  // namespace patchbay::app
