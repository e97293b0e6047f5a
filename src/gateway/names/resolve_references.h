// Names among the arguments to the records that they mean, scopes before what they scope; and
// whether what they mean may stand together.
#pragma once

#include <string>

#include "gateway/call/arguments.h"
#include "gateway/call/call.h"
#include "gateway/call/names.h"
#include "gateway/call/tool_error.h"
#include "integration/model.h"
#include "io/task.h"

namespace patchbay::gateway {

// Errors: invalid_argument with all that names nothing, or several records, or what does not go
// together; else a look-up's failure.
io::Task<Outcome<Names>> resolve_references(Call& call, Arguments& arguments);

// What is there in place of a name that the upstream does not know, as the end of a sentence. "" if
// that cannot be told.
io::Task<std::string> candidates_for(Call& call, const Arguments& arguments, const Names& names,
                                     const integration::Argument& argument);

}  // namespace patchbay::gateway
