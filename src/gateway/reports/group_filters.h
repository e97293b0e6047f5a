// The arguments with which a report's own list shows the rows of one of its groups.
#pragma once

#include "gateway/reports/groups.h"
#include "json/value.h"

namespace patchbay::gateway::report {

// Beside those of the call: what is of the same name stands for the call's. Empty: nothing tells
// them apart. `exact`: set false where they show more rows than the group has.
json::Object filters_of(const Call& call, const Arguments& arguments, const Plan& plan,
                        const Group& group, bool& exact);

}  // namespace patchbay::gateway::report
