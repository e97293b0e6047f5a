// Filters that a list takes though its listing does not show them, since no model could afford to
// read them all: several values in place of one (any of them), the opposite of a filter
// (`statusNot`), and each field that the API compares by (`impact`, `closedDateAfter`,
// `budgetHoursMin`). A call that gives some of these is made with a tool that has them; all other
// calls pay for a look at the names that they give.
#pragma once

#include <memory>

#include "catalog/tool.h"
#include "integration/model.h"
#include "json/value.h"
#include "reach/reach.h"

namespace patchbay::gateway {

// A tool that takes more than the listed one. What it shares with that, that keeps alive.
struct WiderTool {
  integration::Method method;
  catalog::Tool tool;
};

// Null: nothing of that is given, or the API has no filter language. `given` is put into the form
// that the wider tool takes: a list for its JSON text, and an argument's own name for one that is
// spelt in another manner (`created_after`). A server that is held to some records (`reach`, null:
// it is not) compares by what is listed only, and takes several values of that, but none of what
// holds it.
std::unique_ptr<const WiderTool> with_unlisted_filters(const catalog::Tool& tool,
                                                       const reach::Reach* reach,
                                                       json::Object& given);

}  // namespace patchbay::gateway
