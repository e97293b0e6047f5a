// A call's arguments as its record may keep them: redacted by what the integration says of them.
#pragma once

#include "gateway/call/call.h"
#include "json/value.h"

namespace patchbay::gateway {

// Numbers, booleans, dates and choices are shown; of a text only how long it was:
// {"redacted": "text", "characters": 120}. Files and what the tool does not know: not at all.
json::Value shown_arguments(const Call& call, const json::Object& arguments);

// Of the result's text: its members that are numbers or booleans ("count", "id").
json::Value shown_summary(std::string_view result);

}  // namespace patchbay::gateway
