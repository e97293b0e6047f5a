// What a 2xx is worth: proxies and gateways before an API answer with success of their own. (APIs
// answer with errors in it: upstream/own_words.h.) Pure.
#pragma once

#include <string_view>

namespace patchbay::gateway {

// Whether it may be JSON, or is empty. Says nothing of what follows its first character.
bool begins_as_json(std::string_view body);

// Whether it is a page of the web.
bool is_page(std::string_view body);

}  // namespace patchbay::gateway
