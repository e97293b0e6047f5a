// Names as conditions and orderBy may use them. They are not those of the response: what stands in
// _info there is top-level here, some returned fields cannot be filtered, and child collections are
// reached by childConditions only.
#pragma once

#include <optional>
#include <string_view>

#include "sandbox/records/database.h"

namespace patchbay::sandbox {

// "summary", "board/name", "lastUpdated", without regard to case.
std::optional<FieldPath> find_filterable(const Database& db, const Table& table,
                                         std::string_view name);

struct ChildPath {
  std::size_t column = 0;  // the collection's
  const FieldSpec* collection = nullptr;
  FieldPath inside;  // within a row or the record that is referred to
};
// "communicationItems/value", "types/name": a child collection and a name in it.
std::optional<ChildPath> find_in_children(const Database& db, const Table& table,
                                          std::string_view name);

}  // namespace patchbay::sandbox
