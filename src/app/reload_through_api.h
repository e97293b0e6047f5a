// `POST /reload` of the admin API.
#pragma once

#include "admin/operation.h"
#include "app/reload.h"
#include "definitions/definitions.h"

namespace patchbay::app {

// Says what came of it as the schema Reloaded does; definitions are read again with it, if the
// configuration has no fault. Null: there is nothing to read again, and the result is empty. Both
// outlive it.
admin::Reload reload_through_api(Reloading* reloading, definitions::Definitions& definitions);

}  // namespace patchbay::app
