// Events as JSON: the two texts of a row, and what is shown of it.
#pragma once

#include <string>
#include <string_view>

#include "audit/event.h"
#include "json/value.h"
#include "store/event_rows.h"

namespace patchbay::audit {

// `shown`: with arguments, or the summary.
std::string text_of(const Event& event, bool shown);
std::string text_of(const Ending& ending, WallTime now, bool shown);

// Null for what is not there.
json::Value text_or_null(std::string_view text);

// All that is known of an event, as people and programs read it.
json::Object view(const store::EventRow& row);

}  // namespace patchbay::audit
