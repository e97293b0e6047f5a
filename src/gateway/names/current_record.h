// An update gives only what changes; what a scope or a combination needs beside that is read from
// the record as it stands, in one request for those fields alone.
#pragma once

#include <string>
#include <string_view>

#include "gateway/call/arguments.h"
#include "gateway/call/call.h"
#include "gateway/call/names.h"
#include "gateway/call/tool_error.h"
#include "io/task.h"
#include "json/value.h"

namespace patchbay::gateway {

// The fields that are needed of the record that an update acts on; none: nothing is asked. Errors:
// the upstream's refusal.
io::Task<Outcome<json::Object>> read_current(Call& call, const Arguments& arguments,
                                             const Names& names);

// The upstream's field that an argument sets or compares, without what stands below it.
std::string_view field_head(const Call& call, const std::string& argument_name);

}  // namespace patchbay::gateway
