// The packs in the binary, as the build lays them down. Seen by this room only.
#pragma once

#include <span>

#include "base/embedded_file.h"

namespace patchbay::pack {

// integrations/**/*.yaml, by path: "connectwise_psa/integration.yaml".
std::span<const EmbeddedFile> embedded_files();

}  // namespace patchbay::pack
