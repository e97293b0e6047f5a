// Fields that a record has from another which it names: a note's company is that of its ticket.
// What is looked up within such a field is held to it, although the call does not say it.
#pragma once

#include <set>
#include <string>

#include "gateway/call/arguments.h"
#include "gateway/call/call.h"
#include "gateway/call/names.h"
#include "gateway/call/tool_error.h"
#include "io/task.h"

namespace patchbay::gateway {

// Whether what the argument is looked up within will be known once another argument is resolved.
bool waits_for_parent(const Call& call, const Arguments& arguments, const Names& names,
                      const integration::Argument& argument);

// Reads what the given fields are in the records that have them, into names.inherited, as far as it
// is known by now who these are. Who may not read them goes on without, and is told; several that
// do not agree are a violation. Errors: failed look-ups.
io::Task<Outcome<>> read_inherited(Call& call, Arguments& arguments, Names& names,
                                   std::set<std::string> fields);

// The fields that what is looked up, guarded or moved by this call needs to be inherited.
std::set<std::string> fields_to_inherit(const Call& call, const Arguments& arguments);

// What the call says of a field that is another record's to say, and says otherwise: a violation.
void check_inherited(const Call& call, Arguments& arguments, const Names& names);

}  // namespace patchbay::gateway
