// Which fields of a record hang on those that an update gives: what is looked up within them, and
// what repeats them. Read from the definitions alone; asks nobody.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "gateway/call/arguments.h"
#include "gateway/call/call.h"
#include "integration/model.h"

namespace patchbay::gateway {

// The fields that the call sets by itself, or that follow what it sets: never changed behind its
// back.
std::set<std::string> given_fields(const Call& call, const Arguments& arguments);

// The field that a scope's value stands in: "company".
std::string scope_field(const Call& call, const integration::Scope& scope);

// Those that hang on one of `changed`, directly.
std::vector<const integration::Field*> dependents_of(const Call& call,
                                                     const std::set<std::string>& changed);

// What must be known of the record as it stands, to follow what the update may move: the fields
// that hang on what is given, those that hang on these, and what each is scoped by. Empty: it moves
// nothing.
std::set<std::string> fields_that_move(const Call& call, const Arguments& arguments);

// Those whose value another record has that is given: derived by the API, such as a time entry's
// company, or to be set, such as that of a project ticket.
std::set<std::string> derived_fields(const Call& call, const std::set<std::string>& given);

// Whether the copy names the very record that the other field names: who pays, as a rule, is whose
// order it is.
bool names_the_same(const integration::Copy& copy);

}  // namespace patchbay::gateway
