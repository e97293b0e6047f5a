// Whom the arguments name: the records that names were resolved to.
#pragma once

#include <string>
#include <vector>

#include "integration/model.h"
#include "json/value.h"

namespace patchbay::gateway {

// A record that an argument names.
struct Named {
  json::Value id;           // as the upstream wrote it
  std::string name;         // what to call it; empty if only its id is known
  std::string match_field;  // the field by which a filter may name it alone; empty: by id only
};

// An argument that names records, looked up. Several where the argument is an array.
struct Resolution {
  const integration::Argument* argument = nullptr;
  std::vector<Named> records;
  bool by_name = false;   // the caller gave a name, and wants to know what it became
  bool looked_up = true;  // false: nothing to look it up by; the upstream compares the name
  // Of a filter that compares texts: why its name is none that is known. Records may bear it all
  // the same, as that of somebody who is gone; told where none does.
  std::string unknown = {};
};

struct Names {
  std::vector<Resolution> resolutions;
  // Of an update: the fields of the record that scopes and combinations needed, as they stand, and
  // once moves are followed (names/moves.h) as they will stand.
  json::Object current;
  json::Object before;     // the same as it stands
  json::Object followed;   // fields that are changed with those that were given; null: cleared
  json::Object inherited;  // fields that the record has from others that the call names

  // Null: the argument was not given, or names no record.
  const Resolution* find(const integration::Argument& argument) const;
};

// The argument's value with ids in place of names.
json::Value bound_value(const Names& names, const integration::Argument& argument,
                        const json::Value& given);

}  // namespace patchbay::gateway
