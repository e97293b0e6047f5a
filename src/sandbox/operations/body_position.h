// "line 1, position 50": where a member stands in a request body, the way the vendor's JSON reader
// counts. It names the position behind the token that it choked on.
#pragma once

#include <string>
#include <string_view>

#include "sandbox/records/api_error.h"

namespace patchbay::sandbox {

// Behind the member's name and its colon. The first member of that name counts, at any depth.
std::string name_position(std::string_view body, std::string_view member);
// Behind the member's value where it is a string, number or keyword; else behind its first byte.
std::string value_position(std::string_view body, std::string_view member);

// The body has a member that the model does not have: 400.
ApiError unknown_member(std::string_view member, std::string_view type, std::string_view body);

}  // namespace patchbay::sandbox
