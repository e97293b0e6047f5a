#include "definitions/kept_trees.h"

#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/random.h"
#include "definitions/compiled.h"
#include "definitions/sources.h"

namespace patchbay::definitions {
namespace {

namespace fs = std::filesystem;

std::optional<std::string> read_file(const fs::path& path) {
  std::error_code code;
  const std::uintmax_t size = fs::file_size(path, code);
  if (code || size > (std::uintmax_t{64} << 20)) return std::nullopt;
  std::ifstream stream(path, std::ios::binary);
  std::string text;
  // Not zeroed first: it is large.
  text.resize_and_overwrite(size, [&](char* bytes, std::size_t most) {
    stream.read(bytes, static_cast<std::streamsize>(most));
    return static_cast<std::size_t>(stream.gcount());
  });
  if (text.size() != size) return std::nullopt;
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

// 32 bytes that are others for another program and for other files.
std::string KeptTrees::mark_of(const std::string& files) const {
  return digest_of({{.path = program_, .text = files}});
}

std::optional<std::vector<pack::KeptFile>> KeptTrees::find(const std::string& name,
                                                           const std::string& files) const {
  auto found = read_file(fs::path(folder_) / (name + ".trees"));
  const std::string mark = mark_of(files);
  if (!found || !found->starts_with(mark)) return std::nullopt;
  const auto bytes = std::make_shared<const std::string>(std::move(*found));
  const auto compiled = read_compiled(std::string_view(*bytes).substr(mark.size()));
  if (!compiled) return std::nullopt;
  std::vector<pack::KeptFile> kept;
  kept.reserve(compiled->size());
  for (const CompiledFile& file : *compiled) {
    kept.push_back({std::string(file.path), [bytes, tree = file.tree] { return read_tree(tree); }});
  }
  return kept;
}

void KeptTrees::keep(const std::string& name, const std::string& files,
                     const std::string& compiled) const {
  write_file(fs::path(folder_) / (name + ".trees"), mark_of(files) + compiled);
}

}  // namespace patchbay::definitions
