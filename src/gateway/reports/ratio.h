// One exact number over another. Pure.
#pragma once

#include <cstddef>
#include <optional>

#include "base/decimal.h"

namespace patchbay::gateway::report {

// a / b with at most `places` behind the point, half away from zero. Nothing where b is zero, or
// where one of them has too many places to be an amount (base/decimal.h).
std::optional<Decimal> ratio_of(const Decimal& a, const Decimal& b, std::size_t places);

}  // namespace patchbay::gateway::report
