// What a person is typing, completed with the names of records: a look-up as those of references
// are.
#pragma once

#include <string_view>
#include <vector>

#include "gateway/call/call.h"
#include "gateway/call/context.h"
#include "gateway/call/tool_error.h"
#include "gateway/names/lookups.h"
#include "integration/model.h"
#include "io/task.h"
#include "json/value.h"

namespace patchbay::gateway {

// The names of records (by the integration's label_fields) that begin with what was typed, then
// those that contain it; each once. Pure.
NamesFound names_like(const std::vector<json::Value>& records, std::string_view typed,
                      const integration::Integration& integration);

// The fields of the resource that its records are called by.
std::vector<std::string> label_fields(const Call& call, const integration::Resource& resource);

// The same of the records that a look-up finds. Where one answer of the API holds them all, it is
// remembered and the next letter asks for nothing. Errors: the API's.
io::Task<Outcome<NamesFound>> complete_among(Call& call, LookupQuery query, std::string_view typed);

// The same of all records that the call's tool lists. None where its list cannot be asked without
// knowing more (a parent's id).
io::Task<Outcome<NamesFound>> complete_name(Call& call, std::string_view typed);

}  // namespace patchbay::gateway
