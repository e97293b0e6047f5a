#include "definitions/sources.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>
#include <system_error>
#include <utility>

#include <sodium.h>

#include "pack/openapi/import.h"

namespace patchbay::definitions {
namespace {

namespace fs = std::filesystem;

void add(crypto_generichash_state& state, std::string_view bytes) {
  const std::uint64_t size = bytes.size();
  crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(&size), sizeof size);
  crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(bytes.data()), size);
}

bool is_import(const std::vector<pack::PackFile>& files) {
  return std::ranges::any_of(files, [](const pack::PackFile& file) {
    return file.path.ends_with("/integration.yaml") && file.text.starts_with(openapi::kMark);
  });
}

}  // namespace

std::string_view to_string(Origin origin) {
  switch (origin) {
    case Origin::shipped:
      return "shipped";
    case Origin::directory:
      return "directory";
    case Origin::uploaded:
      return "uploaded";
    case Origin::imported:
      return "imported";
  }
  return "shipped";
}

Result<std::vector<std::string>> Sources::names() const {
  const std::vector<std::string> built_in = pack::embedded_packs();
  std::set<std::string> names(built_in.begin(), built_in.end());
  if (!folder_.empty()) {
    std::error_code code;
    for (fs::directory_iterator entry(folder_, code), end; !code && entry != end;
         entry.increment(code)) {
      const std::string name = entry->path().filename().string();
      // What begins with a dot is being written (pack/install.h).
      std::error_code unreadable;
      if (!name.starts_with('.') && entry->is_directory(unreadable)) names.insert(name);
    }
    if (code) {
      return fail(ErrorCode::not_found,
                  "Cannot read integrations from '" + folder_ + "': " + code.message() + ".");
    }
  }
  return std::vector<std::string>(names.begin(), names.end());
}

Result<std::optional<Files>> Sources::find(const std::string& name) const {
  std::error_code code;
  if (!folder_.empty() && !name.starts_with('.') &&
      fs::is_directory(fs::path(folder_) / name, code)) {
    auto files = pack::read_pack(fs::path(folder_) / name);
    if (!files) return std::unexpected(std::move(files.error()));
    Files found{.origin = Origin::directory,
                .files = std::move(*files),
                .imported = {},
                .is_import = false};
    found.is_import = is_import(found.files);
    if (auto built_in = pack::embedded_pack(name); !built_in.empty() && found.is_import) {
      found.imported = std::exchange(found.files, std::move(built_in));
    }
    return found;
  }
  auto files = pack::embedded_pack(name);
  if (files.empty()) return std::nullopt;
  return Files{
      .origin = Origin::shipped, .files = std::move(files), .imported = {}, .is_import = false};
}

std::string digest_of(const std::vector<pack::PackFile>& files) {
  crypto_generichash_state state;
  std::array<unsigned char, 32> digest{};
  crypto_generichash_init(&state, nullptr, 0, digest.size());
  for (const pack::PackFile& file : files) {
    add(state, file.path);
    add(state, file.text);
  }
  crypto_generichash_final(&state, digest.data(), digest.size());
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

std::string digest_of(const std::optional<Files>& found) {
  return found ? digest_of(found->files) + digest_of(found->imported) : std::string();
}

}  // namespace patchbay::definitions
