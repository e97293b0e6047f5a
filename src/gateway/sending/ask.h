// The requests of a call's stages: sent, and what was refused said in words that a model can act
// on.
#pragma once

#include <string>
#include <string_view>

#include "gateway/call/arguments.h"
#include "gateway/call/call.h"
#include "gateway/call/tool_error.h"
#include "integration/model.h"
#include "io/task.h"
#include "upstream/account.h"

namespace patchbay::gateway {

// Reads what the call is about. The error has leads, if there are any.
io::Task<Outcome<upstream::Answer>> read_upstream(Call& call, const Arguments& arguments,
                                                  upstream::Request request);
// Changes something, if the request arrives; the error says whether it may have.
io::Task<Outcome<upstream::Answer>> write_upstream(Call& call, const Arguments& arguments,
                                                   upstream::Request request);
// Reads what another resource has to say on the way. The error has no leads.
io::Task<Outcome<upstream::Answer>> look_up(Call& call, const integration::Resource& about,
                                            upstream::Request request);

// "a=1&b=2", percent-encoded. Skips what has no name or no value.
void add_parameter(std::string& query, std::string_view name, std::string_view value);

}  // namespace patchbay::gateway
