// How the process holds memory that was freed.
#pragma once

namespace patchbay::app {

// Keeps up to 16 MB of it for each event loop, instead of giving it back and fetching it again for
// every call. Once for the process.
void keep_freed_memory();

}  // namespace patchbay::app
