// The file that tells an owner the first API token of a new instance.
#pragma once

#include <optional>
#include <string>

#include "app/data_folder.h"
#include "audit/journal.h"
#include "base/error.h"
#include "control/control_plane.h"
#include "store/repository.h"
#include "vault/token.h"

namespace patchbay::app {

// ControlPlane::bootstrap, recorded where it makes a token: later starts tell it again.
Result<std::optional<vault::Token>> make_first_token(control::ControlPlane& control,
                                                     store::Repository& repository,
                                                     audit::Journal& journal,
                                                     const control::ControlPlane::KeepToken& keep);

// Its path.
std::string first_token_file(const DataFolder& folder);

// Writes the file: whole or not at all, for its owner only, over nothing that is there and through
// no link. That it is there already with this very token is what was wanted. Errors: conflict
// (something else is there), unavailable. The token is not to be used before this has succeeded.
Result<> write_first_token(const DataFolder& folder, const vault::Token& token);

}  // namespace patchbay::app
