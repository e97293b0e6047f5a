// JSON of request bodies to cells: types as the vendor's reader takes them, references by id, name
// or identifier and looked up in their scope.
#pragma once

#include <string_view>
#include <vector>

#include "json/value.h"
#include "sandbox/records/database.h"

namespace patchbay::sandbox {

struct Input {
  const Database& db;
  const Table& table;
  std::string_view body;            // for positions in messages
  std::vector<FieldError>& errors;  // what makes the object invalid; collected, not thrown

  // The cell for `value`, or the error that ends the request at once (a body that the vendor's
  // reader cannot read). Faults that belong into `errors` give a null cell.
  Answer<Cell> read(const Field& field, const json::Value& value, const Record& record) const;

 private:
  Answer<Cell> read_reference(const Field& field, const json::Value& value,
                              const Record& record) const;
  Answer<Cell> read_list(const Field& field, const json::Value& value, const Record& record) const;
  ApiError cannot_convert(const json::Value& value, std::string_view type,
                          std::string_view field) const;
};

// Required fields, longest lengths and ranges of a record that is about to be stored.
void check_fields(const Table& table, const Record& record, bool replaces,
                  std::vector<FieldError>& errors);

}  // namespace patchbay::sandbox
