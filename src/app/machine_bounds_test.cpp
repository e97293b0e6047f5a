#include "app/machine_bounds.h"

#include <fstream>
#include <string>

#include <doctest/doctest.h>
#include <sys/resource.h>

#include "base/random.h"

namespace patchbay::app {
namespace {

// A folder that stands for /sys/fs/cgroup, and a file for /proc/self/cgroup; gone with it.
class Groups {
 public:
  ~Groups() { std::filesystem::remove_all(folder_); }
  Groups() = default;
  Groups(const Groups&) = delete;
  Groups& operator=(const Groups&) = delete;

  Groups& with(const std::string& file, std::string_view text) {
    const std::filesystem::path path = folder_ / file;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << text << '\n';
    return *this;
  }
  std::optional<std::uint64_t> limit() const { return memory_limit(folder_ / "process", folder_); }

 private:
  const std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / random_id("patchbay-groups");
};

TEST_CASE("The least limit of memory on the way to a group holds, of both versions") {
  CHECK(Groups()
            .with("process", "0::/a/b")
            .with("a/memory.max", "300")
            .with("a/b/memory.max", "max")
            .limit() == 300U);
  CHECK(Groups()
            .with("process", "0::/a/b")
            .with("a/memory.max", "300")
            .with("a/b/memory.max", "200")
            .limit() == 200U);
  // In a container the group is the root of what can be seen.
  CHECK(Groups().with("process", "0::/").with("memory.max", "100").limit() == 100U);
  CHECK(Groups()
            .with("process", "5:cpu,memory:/x\n0::/")
            .with("memory/x/memory.limit_in_bytes", "70")
            .limit() == 70U);
  CHECK(
      Groups().with("process", "4:memory:/x").with("memory/memory.limit_in_bytes", "60").limit() ==
      60U);
}

TEST_CASE("No limit of memory is none") {
  CHECK_FALSE(Groups().limit().has_value());
  CHECK_FALSE(Groups().with("process", "nonsense\n1:\n0::/a").limit().has_value());
  CHECK_FALSE(Groups().with("process", "0::/a").with("a/memory.max", "max").limit().has_value());
  CHECK_FALSE(Groups()
                  .with("process", "4:memory:/")
                  .with("memory/memory.limit_in_bytes", "9223372036854771712")
                  .limit()
                  .has_value());
  // Another controller's name that has the word in it.
  CHECK_FALSE(Groups()
                  .with("process", "4:memory2:/")
                  .with("memory/memory.limit_in_bytes", "60")
                  .limit()
                  .has_value());
}

TEST_CASE("Bytes in flight are what a limit leaves, and never less than can be set") {
  constexpr std::size_t kDefault = 256 << 20;
  constexpr std::size_t kServers = 64 << 20;
  CHECK(bytes_in_flight_within(std::uint64_t{8} << 30, kServers, kDefault) == kDefault);
  CHECK(bytes_in_flight_within(300'000'000, kServers, kDefault) ==
        300'000'000 - kServers - 150'000'000);
  CHECK(bytes_in_flight_within(1'000'000, kServers, kDefault) == 16U << 20U);
}

TEST_CASE("As many files may be open as is allowed") {
  rlimit before{};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
  rlimit low = before;
  low.rlim_cur = 256;
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &low) == 0);
  open_as_many_files_as_allowed();
  rlimit now{};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &now) == 0);
  CHECK(now.rlim_cur == before.rlim_max);
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &before) == 0);
}

}  // namespace
}  // namespace patchbay::app
