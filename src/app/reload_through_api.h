// `POST /reload` of the admin API.
#pragma once

#include "admin/operation.h"
#include "app/reload.h"

namespace patchbay::app {

// Says what came of it as the schema Reloaded does. Null: there is nothing to read again, and the
// result is empty. `reloading` outlives it.
admin::Reload reload_through_api(Reloading* reloading);

}  // namespace patchbay::app
