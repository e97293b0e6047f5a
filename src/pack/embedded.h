// The packs in the binary, as the build lays them down. Seen by this room only.
#pragma once

#include <span>
#include <string_view>

namespace patchbay::pack {

struct EmbeddedFile {
  std::string_view path;  // "connectwise_psa/integration.yaml"
  std::string_view text;
};

// By path. Defined in the file that cmake/embed.cmake writes.
std::span<const EmbeddedFile> embedded_files();

}  // namespace patchbay::pack
