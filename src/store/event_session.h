// Events and their chains (event_rows.h) over a session of a database.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>

#include "base/error.h"
#include "store/database.h"
#include "store/event_rows.h"

namespace patchbay::store {

// Of the questions that list them.
Parameters parameters_of(const EventPage& page);
Parameters parameters_of(const CallsPage& page);
Parameters numbers_after(std::string_view chain, std::int64_t after, std::size_t limit);

Result<> change_events_of(Database& database, const std::function<Result<>(EventSession&)>& work);

}  // namespace patchbay::store
