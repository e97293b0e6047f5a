// What a 2xx is worth: proxies and gateways before an API answer with success of their own, and
// APIs with errors in it. Pure.
#pragma once

#include <string>
#include <string_view>

#include "integration/model.h"
#include "upstream/account.h"

namespace patchbay::gateway {

// Whether it may be JSON, or is empty. Says nothing of what follows its first character.
bool begins_as_json(std::string_view body);

// Whether it is an object that says an error's code and message, and is no record.
bool is_error_object(const integration::Integration& integration, std::string_view body);

// What a page calls itself, or the first words of a short plain text; as they came, 200 bytes at
// most.
std::string title_of(std::string_view page);

}  // namespace patchbay::gateway
