// Events as lines of a file.
#pragma once

#include <string>

#include "store/event_rows.h"

namespace patchbay::audit {

// JSON, with a line break.
std::string json_line(const store::EventRow& row);

// CSV (RFC 4180): the names of the columns, and an event. Objects stand as JSON. What a spreadsheet
// would take for a formula has an apostrophe before it.
std::string csv_head();
std::string csv_line(const store::EventRow& row);

}  // namespace patchbay::audit
