#include "app/machine_bounds.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <string>
#include <string_view>

#include <sys/resource.h>

namespace patchbay::app {

namespace {

// The least that max-bytes-in-flight can be set to.
constexpr std::size_t kLeastBytes = 16 * 1024 * 1024;
// A node that has used 20,000 servers holds 71 MB without what these settings bound, and heaps keep
// up to 16 MB for each loop of what was freed.
constexpr std::uint64_t kProcess = 150'000'000;

// "max" is no number, and no limit.
std::optional<std::uint64_t> read_number(const std::filesystem::path& file) {
  std::string text;
  std::ifstream(file) >> text;
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end == text.data()) return std::nullopt;
  // The first version says "none" with the largest number of whole pages.
  constexpr std::uint64_t kNone = std::uint64_t{1} << 60;
  if (number >= kNone) return std::nullopt;
  return number;
}

void take_least(std::optional<std::uint64_t>& least, std::optional<std::uint64_t> other) {
  if (other) least = std::min(least.value_or(*other), *other);
}

// Of a group and of all that it is in, up to the root of its hierarchy.
std::optional<std::uint64_t> least_on_the_way(const std::filesystem::path& root,
                                              std::string_view group, std::string_view file) {
  std::optional<std::uint64_t> least;
  // The path begins with a slash, and would take the root's place.
  std::filesystem::path inside(group.substr(std::min<std::size_t>(1, group.size())));
  for (; !inside.empty(); inside = inside.parent_path()) {
    take_least(least, read_number(root / inside / file));
  }
  take_least(least, read_number(root / file));
  return least;
}

}  // namespace

void open_as_many_files_as_allowed() {
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur == files.rlim_max) return;
  files.rlim_cur = files.rlim_max;
  static_cast<void>(::setrlimit(RLIMIT_NOFILE, &files));
}

std::optional<std::uint64_t> memory_limit(const std::filesystem::path& process,
                                          const std::filesystem::path& groups) {
  std::optional<std::uint64_t> least;
  std::ifstream lines(process);
  // hierarchy:controllers:path
  for (std::string line; std::getline(lines, line);) {
    const std::size_t first = line.find(':');
    const std::size_t second = line.find(':', first == std::string::npos ? first : first + 1);
    if (second == std::string::npos) continue;
    const std::string controllers = "," + line.substr(first + 1, second - first - 1) + ",";
    const std::string_view group = std::string_view(line).substr(second + 1);
    if (controllers == ",,") {
      take_least(least, least_on_the_way(groups, group, "memory.max"));
    } else if (controllers.contains(",memory,")) {
      take_least(least, least_on_the_way(groups / "memory", group, "memory.limit_in_bytes"));
    }
  }
  return least;
}

std::size_t bytes_in_flight_within(std::uint64_t limit, std::size_t server_memory,
                                   std::size_t at_most) {
  const std::uint64_t others = kProcess + server_memory;
  const std::uint64_t left = limit > others ? limit - others : 0;
  return std::clamp<std::size_t>(static_cast<std::size_t>(std::min<std::uint64_t>(left, at_most)),
                                 std::min(kLeastBytes, at_most), at_most);
}

void fit_to_machine(Config& config) {
  const auto limit = memory_limit("/proc/self/cgroup", "/sys/fs/cgroup");
  if (!limit) return;
  config.max_bytes_in_flight =
      bytes_in_flight_within(*limit, config.server_memory, config.max_bytes_in_flight);
}

}  // namespace patchbay::app
