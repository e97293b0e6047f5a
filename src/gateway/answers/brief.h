// What a write answers of the record that it has made or changed: as much as tells what came of it.
// Whoever made a call knows what it said, and a whole record is some forty fields that nobody asked
// for, in every conversation that writes.
//
// Its id and what it is called; what the call has set, as the record has it now; and of a record
// that was made, what else a list shows of it, which is what the API has put there. `fields` asks
// for other fields, `verbose` for all.
#pragma once

#include <string>

#include "gateway/call/arguments.h"
#include "gateway/call/call.h"
#include "gateway/call/tool_error.h"

namespace patchbay::gateway {

// Of a create or an update: before anything is sent, whether `fields` names fields.
Outcome<> check_fields_asked(const Call& call, const Arguments& arguments);

// `record`: JSON, shaped. As it is where the call is neither, or the fields are not known.
std::string briefly(const Call& call, const Arguments& arguments, std::string record);

}  // namespace patchbay::gateway
