// Custom fields: their definitions belong to the resource, their values to the record. A record
// keeps its values as one JSON object by definition id, and shows all definitions.
#pragma once

#include "json/value.h"
#include "sandbox/records/api_error.h"
#include "sandbox/records/database.h"

namespace patchbay::sandbox {

// Null where the record has no value for it.
Cell custom_value(const Table& table, const Record& record, std::int64_t definition);

// [{id, caption, type, entryMethod, numberOfDecimals, connectWiseId, value?}, …]
json::Value show_custom_fields(const Table& table, const Cell& values);

// From the array of a body. Entries without an id or with an unknown one are an error; definitions
// that the array leaves out lose their value, as in the API.
ApiResult<Cell> read_custom_fields(const Table& table, const json::Value& array);

}  // namespace patchbay::sandbox
