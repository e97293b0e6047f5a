// What a 2xx is worth: proxies and gateways before an API answer with success of their own. (APIs
// answer with errors in it: upstream/own_words.h.) Pure.
#pragma once

#include <string>
#include <string_view>

namespace patchbay::gateway {

// Whether it may be JSON, or is empty. Says nothing of what follows its first character.
bool begins_as_json(std::string_view body);

// What a page calls itself, or the first words of a short plain text; as they came, 200 bytes at
// most.
std::string title_of(std::string_view page);

}  // namespace patchbay::gateway
