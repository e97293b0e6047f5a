// What a person is typing into an argument, completed with the names of records.
#pragma once

#include <string_view>

#include "gateway/call/call.h"
#include "gateway/call/context.h"
#include "gateway/call/tool_error.h"
#include "io/task.h"
#include "json/value.h"

namespace patchbay::gateway {

// `others`: the call's other arguments as far as they are written. Of a reference, the names of
// records within the scopes that they give (or, in an update, that the record has); of an argument
// with a few values, these. None where neither is so, where a scope is missing, or where the others
// name nothing. Errors: the API's.
io::Task<Outcome<NamesFound>> complete_argument(Call& call, std::string_view argument,
                                                std::string_view typed, json::Object others);

}  // namespace patchbay::gateway
