// A file that the build lays into the binary (cmake/embed.cmake).
#pragma once

#include <string_view>

namespace patchbay {

struct EmbeddedFile {
  std::string_view path;   // relative to the embedded folder: "connectwise_psa/integration.yaml"
  std::string_view bytes;  // as they are on disk
};

}  // namespace patchbay
