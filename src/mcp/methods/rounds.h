// Rounds of questions (2026-07-28): a call that cannot go on without its user returns what it needs
// to know, and comes again with the answers and with the state that it was given.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "mcp/methods/methods.h"

namespace patchbay::mcp {

// Moves the answers of an earlier round, and what that round remembered, into the conversation.
// Returns the place that a question's state belongs to, which ask_for_input wants; empty where no
// question can come. It is made of the call's arguments, so they must still be there. Fault: the
// state is not of this call, or has expired.
std::expected<std::string, Fault> take_answers(MethodCall& call, const MethodContext& context);

// The result that asks. Fault: the client did not declare what it takes to answer.
MethodResult ask_for_input(InputRequired needed, std::string_view place,
                           const MethodContext& context);

}  // namespace patchbay::mcp
