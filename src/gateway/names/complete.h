// What a person is typing, completed with the names of records: a look-up as those of references
// are.
#pragma once

#include <string_view>
#include <vector>

#include "gateway/call/call.h"
#include "gateway/call/context.h"
#include "gateway/call/tool_error.h"
#include "integration/model.h"
#include "io/task.h"
#include "json/value.h"

namespace patchbay::gateway {

// The names of records (by the integration's label_fields) that begin with what was typed, then
// those that contain it; each once. Pure.
std::vector<std::string> names_like(const std::vector<json::Value>& records, std::string_view typed,
                                    const integration::Integration& integration);

// The same of all records that the call's tool lists. Where one answer of the API holds them all,
// it is remembered and the next letter asks for nothing. None where its list cannot be asked
// without knowing more (a parent's id). Errors: the API's.
io::Task<Outcome<NamesFound>> complete_name(Call& call, std::string_view typed);

}  // namespace patchbay::gateway
