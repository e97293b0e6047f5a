#include "pack/embedded.h"

#include "pack/loader.h"

namespace patchbay::pack {
namespace {

std::string_view pack_of(const EmbeddedFile& file) {
  return file.path.substr(0, file.path.find('/'));
}

}  // namespace

std::vector<std::string> embedded_packs() {
  std::vector<std::string> names;
  for (const EmbeddedFile& file : embedded_files()) {
    if (names.empty() || names.back() != pack_of(file)) names.emplace_back(pack_of(file));
  }
  return names;
}

std::vector<PackFile> embedded_pack(std::string_view name) {
  std::vector<PackFile> files;
  for (const EmbeddedFile& file : embedded_files()) {
    if (pack_of(file) == name) files.push_back({std::string(file.path), std::string(file.bytes)});
  }
  return files;
}

}  // namespace patchbay::pack
