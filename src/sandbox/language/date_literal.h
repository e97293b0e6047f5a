// Dates as conditions write them between brackets, and as bodies must write them.
#pragma once

#include <optional>
#include <string_view>

#include "sandbox/records/cell.h"

namespace patchbay::sandbox {

// "2026-01-01", "2026-01-01T08:30", "2026-01-01T08:30:00Z" (also with a fraction, which is cut off,
// or an offset) and "06/30/2019", always UTC unless an offset is given.
std::optional<Instant> parse_date_literal(std::string_view text);

// "2026-01-01T08:30:00Z" and nothing else: the API refuses fractions.
std::optional<Instant> parse_body_date(std::string_view text);

}  // namespace patchbay::sandbox
