// A pack's folder to its files.
#include <algorithm>
#include <fstream>
#include <system_error>

#include "pack/definition.h"
#include "pack/loader.h"

namespace patchbay::pack {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kMaxFileBytes = 1 << 20;

Result<PackFile> read_file(const fs::path& path, std::string name) {
  std::error_code code;
  const std::uintmax_t size = fs::file_size(path, code);
  if (code) return fail(ErrorCode::not_found, "Cannot read " + name + ": " + code.message() + ".");
  if (size > kMaxFileBytes) {
    return fail(ErrorCode::too_large, name + " is larger than 1 MiB.", "Split it by resource.");
  }
  std::ifstream stream(path, std::ios::binary);
  std::string text(size, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(stream.gcount()));  // it may be shorter by now
  if (stream.bad() || !stream.is_open()) {
    return fail(ErrorCode::not_found, "Cannot read " + name + ".");
  }
  return PackFile{std::move(name), std::move(text)};
}

}  // namespace

Result<std::vector<PackFile>> read_pack(const fs::path& folder) {
  std::error_code code;
  const fs::path root = fs::weakly_canonical(folder, code);
  if (code || !fs::is_directory(root, code)) {
    return fail(ErrorCode::not_found, "There is no folder " + folder.string() + ".",
                "Name the folder that holds integration.yaml.");
  }
  const std::string pack = root.filename().string();
  // Below the root: texts, since comparing and shortening paths of a thousand files takes longer
  // than reading them.
  std::vector<std::string> paths;
  if (fs::exists(root / "integration.yaml", code)) paths.emplace_back("integration.yaml");
  for (const std::string part : {"resources", "prompts", "reports"}) {
    for (fs::directory_iterator entry(root / part, code), end; !code && entry != end;
         entry.increment(code)) {
      const std::string name = entry->path().filename().string();
      if (fs::path(name).extension() == ".yaml" && entry->is_regular_file()) {
        paths.push_back(part + '/' + name);
      }
    }
  }
  if (paths.size() > kMaxFiles) {
    return fail(ErrorCode::too_large, folder.string() + " holds more than 5,000 files.",
                "Split the integration.");
  }
  std::ranges::sort(paths);
  std::vector<PackFile> files;
  files.reserve(paths.size());
  for (const std::string& path : paths) {
    auto file = read_file(root / path, pack + '/' + path);
    if (!file) return std::unexpected(file.error());
    files.push_back(std::move(*file));
  }
  return files;
}

}  // namespace patchbay::pack
