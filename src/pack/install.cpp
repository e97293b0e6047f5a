#include "pack/install.h"

#include <cerrno>
#include <cstdio>
#include <fstream>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace patchbay::pack {
namespace {

namespace fs = std::filesystem;

std::unexpected<Error> refuse_disk(const fs::path& path, const std::error_code& code) {
  return fail(ErrorCode::unavailable, "Cannot write " + path.string() + ": " + code.message() + ".",
              "Check the folder's rights and the room on its disk.");
}

// A folder that goes when this does. Its name begins with a dot, which no pack's does.
class Staging {
 public:
  explicit Staging(fs::path path) : path_(std::move(path)) {}
  Staging(const Staging&) = delete;
  Staging& operator=(const Staging&) = delete;
  ~Staging() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  const fs::path& path() const { return path_; }

 private:
  const fs::path path_;
};

bool begins_with(const fs::path& file, std::string_view mark) {
  std::ifstream stream(file, std::ios::binary);
  std::string head(mark.size(), '\0');
  stream.read(head.data(), static_cast<std::streamsize>(head.size()));
  return stream && head == mark;
}

// "acme/resources/tasks.yaml" below `into`, without the pack's own name.
Result<> write_file(const PackFile& file, const fs::path& into) {
  const auto slash = file.path.find('/');
  const fs::path path = into / file.path.substr(slash == std::string::npos ? 0 : slash + 1);
  std::error_code code;
  fs::create_directories(path.parent_path(), code);
  if (code) return refuse_disk(path, code);
  std::ofstream stream(path, std::ios::binary | std::ios::trunc);
  stream.write(file.text.data(), static_cast<std::streamsize>(file.text.size()));
  stream.close();
  if (!stream) return refuse_disk(path, std::make_error_code(std::errc::io_error));
  return {};
}

Result<> exchange(const fs::path& fresh, const fs::path& target) {
  std::error_code code;
  const bool replaces = fs::exists(target, code);
  const unsigned flags = replaces ? RENAME_EXCHANGE : RENAME_NOREPLACE;
  if (::renameat2(AT_FDCWD, fresh.c_str(), AT_FDCWD, target.c_str(), flags) == 0) return {};
  return refuse_disk(target, std::error_code(errno, std::generic_category()));
}

}  // namespace

Result<> install_pack(const fs::path& folder, const std::string& name,
                      const std::vector<PackFile>& files, std::string_view mark) {
  std::error_code code;
  if (!fs::is_directory(folder, code)) {
    return fail(ErrorCode::not_found, "There is no folder " + folder.string() + ".",
                "Make it, and give it to the server as --integrations.");
  }
  const fs::path target = folder / name;
  if (fs::exists(target, code) && !begins_with(target / "integration.yaml", mark)) {
    return fail(ErrorCode::conflict,
                target.string() + " was not imported, so an import does not replace it.",
                "Choose another --name, or move that folder away.");
  }
  const Staging staging(folder / ("." + name + "." + std::to_string(::getpid())));
  for (const PackFile& file : files) {
    if (auto written = write_file(file, staging.path()); !written) return written;
  }
  return exchange(staging.path(), target);
}

}  // namespace patchbay::pack
