// Events and their chains (event_rows.h) over a session of a database.
#pragma once

#include <functional>

#include "base/error.h"
#include "store/database.h"
#include "store/event_rows.h"

namespace patchbay::store {

Result<> change_events_of(Database& database, const std::function<Result<>(EventSession&)>& work);

}  // namespace patchbay::store
