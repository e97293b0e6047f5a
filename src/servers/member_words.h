// What a model is told of the member whose a server is.
#pragma once

#include <string>

#include "control/snapshot.h"
#include "integration/model.h"

namespace patchbay::servers {

// Who "me" is, as listings show it: "Jane Doe (jdoe)"; "": nobody.
std::string me_shown(const control::McpServer& server);

// Whether that argument may be said as "me".
bool names_member(const integration::Integration& integration,
                  const integration::Argument& argument);

// A line for the server's instructions; "" where it is nobody's.
std::string about_member(const control::McpServer& server);

}  // namespace patchbay::servers
