// An upstream's refusal, said for a model: what it means, what to do, whether a write took place.
// Asks nobody: what remains to be asked stands in the error's leads.
#pragma once

#include <string>
#include <string_view>

#include "gateway/call/arguments.h"
#include "gateway/call/call.h"
#include "gateway/call/tool_error.h"
#include "gateway/sending/send.h"
#include "integration/model.h"
#include "upstream/account.h"

namespace patchbay::gateway {

// Of a request that the call is about. `may_change`: it may have changed something.
ToolError say_refusal(const Call& call, const Arguments& arguments, const Refused& refused,
                      bool may_change);
// Of a request on the way that read `about`.
ToolError say_refusal_about(const Call& call, const integration::Resource& about,
                            const Refused& refused);

// Whether the API has said that there is no such record, in the words of its family.
bool says_not_found(const Call& call, const integration::Resource& about,
                    const upstream::Answer& answer);

// Of a write whose answer tells neither that it was done nor that it was not. `message`: why.
std::unexpected<ToolError> cannot_tell(const Call& call, std::string message);

// What to do about a write that may or may not have happened.
std::string search_first(const Call& call);

// "ticketId" → the resource of tickets; null where no resource is called so.
const integration::Resource* resource_of_id(const integration::Integration& integration,
                                            std::string_view argument_name);

}  // namespace patchbay::gateway
