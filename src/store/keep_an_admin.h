// A change that does not take the last admin token of the whole instance (repository.h).
#pragma once

#include <optional>

#include "base/error.h"
#include "store/database.h"
#include "store/repository.h"

namespace patchbay::store {

// The change, unless it leaves no admin where there was one: then error conflict, and nothing is
// changed. Without `keep` the change alone.
Result<> change_keeping(Database& database, const std::optional<KeepAnAdmin>& keep,
                        const Work& work);

}  // namespace patchbay::store
