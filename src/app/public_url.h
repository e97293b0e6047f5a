// What clients reach the server by.
#pragma once

#include <cstdint>
#include <string>

#include "app/config.h"

namespace patchbay::app {

// Without a slash at the end. `port`: the one that it listens on.
std::string public_url(const Config& config, std::uint16_t port);

}  // namespace patchbay::app
