#include "sandbox/records/rules.h"

#include <algorithm>

#include "base/text.h"

namespace patchbay::sandbox {

const Rules kNoRules;

bool WriteContext::was_given(std::string_view field) const {
  return std::ranges::find(given, to_lower(field)) != given.end();
}

}  // namespace patchbay::sandbox
