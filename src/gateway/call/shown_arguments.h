// A call's arguments as its record may keep them: redacted by what the integration says of them.
#pragma once

#include "audit/settings.h"
#include "gateway/call/call.h"
#include "json/value.h"

namespace patchbay::gateway {

// With `values`, numbers, booleans, dates and choices are shown; of a text only how long it was:
// {"redacted": "text", "characters": 120}. With `all`, texts as well that the definition describes
// (cut at 1,000 bytes), if it says at all what is personal. What is personal, what users have
// defined themselves, files, and what the tool does not know: with neither.
json::Value shown_arguments(const Call& call, const json::Object& arguments, audit::Arguments kept);

// Of the result's text. `values`: its members that are numbers or booleans ("count", "id"). `all`:
// also texts and references that are fields of the record, and the ids of a list's records.
json::Value shown_summary(const Call& call, std::string_view result, audit::Arguments kept);

}  // namespace patchbay::gateway
