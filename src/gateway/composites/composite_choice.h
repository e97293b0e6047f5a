// Which of the records that a step has listed is meant.
#pragma once

#include "gateway/call/tool_error.h"
#include "gateway/composites/composite.h"
#include "integration/composite.h"
#include "json/value.h"

namespace patchbay::gateway {

// The id of the record that the caller names, that an earlier record prefers, or that is the only
// one (integration/composite.h, StepValue::From::chosen). Errors: invalid_argument (what is named
// is not among them, or several are so called; nothing is named, and several fit: with those that
// there are), not_found (the list is empty).
Outcome<json::Value> choose_record(const Composition& all, const integration::StepValue& value);

}  // namespace patchbay::gateway
