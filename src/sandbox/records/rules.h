// What the API does beyond fields when a record is written: a resource's functions, called by the
// machinery in this order. Any of them may be null.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sandbox/records/api_error.h"
#include "sandbox/records/cell.h"
#include "sandbox/records/database.h"

namespace patchbay::sandbox {

// A write under way.
struct WriteContext {
  Database& db;
  const Table& table;
  Instant now;
  std::int64_t member = 0;         // who calls
  const Record* before = nullptr;  // null: a new record
  bool replaces = false;           // PUT
  std::vector<std::string> given;  // lower-case names of the fields that the caller set

  bool was_given(std::string_view field) const;
};

struct Rules {
  // Fills in what the caller left out.
  void (*fill)(const WriteContext&, Record&) = nullptr;
  // What required fields and references alone cannot say.
  void (*check)(const WriteContext&, const Record&, std::vector<InvalidField>&) = nullptr;
  // After it stands in the table: side effects on other records.
  void (*stored)(const WriteContext&, const Record&) = nullptr;
  std::optional<ApiError> (*refuses_delete)(const Database&, const Record&) = nullptr;
  void (*deleted)(Database&, const Record&) = nullptr;
};

}  // namespace patchbay::sandbox
