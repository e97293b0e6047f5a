// What belongs to the rows of a page in other lists, read and added up for each of them.
#pragma once

#include <cstdint>
#include <vector>

#include "gateway/reports/plan.h"
#include "io/task.h"

namespace patchbay::gateway::report {

// Fills Row::related; where a relation's records are the rows, replaces the rows by these. Errors:
// those of the lists that are read; too_large (more than `most` of them).
io::Task<Outcome<>> read_related(Call& call, const Plan& plan, const RowTime& time,
                                 std::int64_t most, std::vector<Row>& rows);

}  // namespace patchbay::gateway::report
