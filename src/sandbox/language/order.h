// orderBy: "field [asc|desc], reference/name desc, …". Nulls sort lowest; ties by id.
#pragma once

#include <string_view>
#include <vector>

#include "sandbox/language/filter_names.h"
#include "sandbox/records/api_error.h"

namespace patchbay::sandbox {

struct SortKey {
  FieldPath path;
  bool descending = false;
};

ApiResult<std::vector<SortKey>> parse_order(std::string_view text, const Database& db,
                                            const Table& table);

void sort_records(std::vector<const Record*>& records, const std::vector<SortKey>& keys,
                  const Database& db);

// Nulls first, text without regard to case. Cells of one field.
std::strong_ordering compare_cells(const Cell& a, const Cell& b);

}  // namespace patchbay::sandbox
