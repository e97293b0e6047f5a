#include "definitions/kept_trees.h"

#include <filesystem>
#include <fstream>
#include <optional>
#include <system_error>
#include <utility>

#include "base/random.h"
#include "definitions/compiled.h"
#include "definitions/sources.h"

namespace patchbay::definitions {
namespace {

namespace fs = std::filesystem;

// Below, parsing takes as long as looking.
constexpr std::size_t kLeastText = std::size_t{1} << 20;

std::optional<std::string> read_file(const fs::path& path) {
  std::error_code code;
  const std::uintmax_t size = fs::file_size(path, code);
  if (code || size > (std::uintmax_t{64} << 20)) return std::nullopt;
  std::ifstream stream(path, std::ios::binary);
  std::string text(size, '\0');
  if (!stream.read(text.data(), static_cast<std::streamsize>(size))) return std::nullopt;
  return text;
}

// Whole or not at all, and readable by the server alone.
void write_file(const fs::path& path, std::string_view bytes) {
  std::error_code code;
  // Where the folder above it is not there, the server has no data yet, and none is made for this.
  if (fs::create_directory(path.parent_path(), code)) {
    fs::permissions(path.parent_path(), fs::perms::owner_all, code);
  }
  const fs::path fresh = path.parent_path() / random_id("." + path.filename().string());
  {
    std::ofstream stream(fresh, std::ios::binary);
    fs::permissions(fresh, fs::perms::owner_read | fs::perms::owner_write, code);
    stream.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    if (!stream.flush()) code = std::make_error_code(std::errc::io_error);
  }
  if (!code) fs::rename(fresh, path, code);
  if (code) fs::remove(fresh, code);
}

}  // namespace

std::vector<pack::ParsedFile> KeptTrees::parse(std::string_view layer,
                                               const std::vector<pack::PackFile>& files) const {
  std::size_t bytes = 0;
  for (const pack::PackFile& file : files) bytes += file.text.size();
  if (folder_.empty() || bytes < kLeastText) return pack::parse_files(files);
  const std::string digest = digest_of(files);
  const fs::path path = fs::path(folder_) / (std::string(layer) + ".trees");
  if (const auto kept = read_file(path); kept && kept->starts_with(digest)) {
    if (auto trees = read_compiled(std::string_view(*kept).substr(digest.size()))) {
      return std::move(*trees);
    }
  }
  auto parsed = pack::parse_files(files);
  if (const auto compiled = compile(parsed)) write_file(path, digest + *compiled);
  return parsed;
}

}  // namespace patchbay::definitions
