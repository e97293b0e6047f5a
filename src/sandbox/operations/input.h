// JSON of request bodies to cells: types as the vendor's reader takes them, references by id, name
// or identifier and looked up in their scope.
#pragma once

#include <string_view>
#include <vector>

#include "sandbox/records/api_error.h"
#include "sandbox/records/database.h"

namespace patchbay::json {
class Value;
}

namespace patchbay::sandbox {

struct Input {
  const Database& db;
  const Table& table;
  std::string_view body;              // for positions in messages
  std::vector<InvalidField>& errors;  // what makes the object invalid; collected, not thrown

  // The cell for `value`, or the error that ends the request at once (a body that the vendor's
  // reader cannot read). Faults that belong into `errors` give a null cell.
  ApiResult<Cell> read(const FieldSpec& field, const json::Value& value,
                       const Record& record) const;

 private:
  ApiResult<Cell> read_reference(const FieldSpec& field, const json::Value& value,
                                 const Record& record) const;
  ApiResult<Cell> read_list(const FieldSpec& field, const json::Value& value,
                            const Record& record) const;
  ApiError cannot_convert(const json::Value& value, std::string_view type,
                          std::string_view field) const;
};

// Required fields, longest lengths and ranges of a record that is about to be stored.
void check_fields(const Table& table, const Record& record, bool replaces,
                  std::vector<InvalidField>& errors);

}  // namespace patchbay::sandbox
