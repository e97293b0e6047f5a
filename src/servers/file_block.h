// A downloaded file as a content block: what every revision since 2024-11-05 knows, so that no
// older client needs another form.
#pragma once

#include <string>

#include "gateway/gateway.h"

namespace patchbay::servers {

// ",{…}": it follows the text block that says what it is. Text as a text block, an image as an
// image block, the rest as an embedded resource.
std::string file_block(const gateway::FileContent& file);

}  // namespace patchbay::servers
