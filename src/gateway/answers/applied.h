// Whether a write did what it was asked to: the record that came back, held against what was sent.
// An API that computes a field, or takes it from another record, accepts a value and drops it.
#pragma once

#include <string>
#include <vector>

#include "gateway/call/arguments.h"
#include "gateway/call/call.h"
#include "gateway/call/names.h"
#include "json/value.h"

namespace patchbay::gateway {

// What a write sent and a record has otherwise: of the fields that it shows, those whose values can
// be compared.
struct Difference {
  std::string name;  // of the argument; "customFields.Region"
  const integration::Argument* argument = nullptr;
  json::Value sent;
  json::Value has;
};
std::vector<Difference> find_differences(const Call& call, const Arguments& arguments,
                                         const Names& names, const json::Value& record);

// Adds a notice of what a write sent and the record that came back does not have, and of what it
// does not show. False: the record contradicts what was believed of names.
bool compare_with_sent(Call& call, const Arguments& arguments, const Names& names,
                       const json::Value& record);

}  // namespace patchbay::gateway
