#include "cli/instance/profiles.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/instance/connection.h"
#include "cli/instance/remote.h"

namespace patchbay::cli {
namespace {

namespace fs = std::filesystem;

// A configuration folder of one test's own, and none of the variables that would be gone by.
class Home {
 public:
  Home() {
    std::string pattern = fs::temp_directory_path() / "patchbay-profiles-XXXXXX";
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
    ::setenv("XDG_CONFIG_HOME", path_.c_str(), 1);
    for (const char* const name : {"PATCHBAY_URL", "PATCHBAY_API_TOKEN", "PATCHBAY_PROFILE"}) {
      ::unsetenv(name);
    }
  }
  ~Home() { fs::remove_all(path_); }
  Home(const Home&) = delete;
  Home& operator=(const Home&) = delete;
  fs::path file() const { return path_ / "patchbay" / "profiles.json"; }

 private:
  fs::path path_;
};

Result<> add(const std::string& name, const std::string& url, const std::string& token) {
  return change_profiles([&](Profiles& profiles) -> Result<> {
    profiles.by_name[name] = {.url = url, .token = Secret(token)};
    if (profiles.current.empty()) profiles.current = name;
    return {};
  });
}

unsigned mode_of(const fs::path& path) {
  struct stat status{};
  REQUIRE(::lstat(path.c_str(), &status) == 0);
  return status.st_mode & 07777U;
}

TEST_CASE("Profiles are kept in a file of the owner's alone") {
  const Home home;
  REQUIRE(read_profiles());
  CHECK(read_profiles()->by_name.empty());
  REQUIRE(add("a", "https://a.example.com", "pba_a"));
  REQUIRE(add("b", "https://b.example.com", "pba_b"));
  CHECK(mode_of(home.file()) == 0600);
  CHECK(mode_of(home.file().parent_path()) == 0700);
  const auto profiles = read_profiles();
  REQUIRE(profiles);
  CHECK(profiles->current == "a");
  CHECK(profiles->by_name.at("b").token.reveal() == "pba_b");
  // Nothing is left beside it.
  CHECK(std::distance(fs::directory_iterator(home.file().parent_path()), {}) == 1);
}

TEST_CASE("A file that others can read is not read, and no link is followed") {
  const Home home;
  REQUIRE(add("a", "https://a.example.com", "pba_a"));
  fs::permissions(home.file(), fs::perms::group_read, fs::perm_options::add);
  const auto open = read_profiles();
  REQUIRE_FALSE(open);
  CHECK(open.error().code == ErrorCode::permission_denied);
  CHECK_FALSE(add("b", "https://b.example.com", "pba_b"));
  fs::permissions(home.file(), fs::perms::group_read, fs::perm_options::remove);
  const fs::path elsewhere = home.file().parent_path() / "elsewhere";
  fs::rename(home.file(), elsewhere);
  fs::create_symlink(elsewhere, home.file());
  CHECK_FALSE(read_profiles());
}

TEST_CASE("What is no file of profiles is said to be none, and left alone") {
  const Home home;
  REQUIRE(add("a", "https://a.example.com", "pba_a"));
  std::ofstream(home.file()) << "{\"profiles\": 7}";
  REQUIRE_FALSE(read_profiles());
  CHECK_FALSE(add("b", "https://b.example.com", "pba_b"));
  std::ifstream file(home.file());
  std::string text;
  std::getline(file, text);
  CHECK(text == "{\"profiles\": 7}");
}

TEST_CASE("A token goes where it belongs, and nowhere else") {
  const Home home;
  CHECK_FALSE(choose_connection(""));
  REQUIRE(add("a", "https://a.example.com/base/", "pba_a"));
  REQUIRE(add("b", "https://b.example.com", "pba_b"));
  const auto by_default = choose_connection("");
  REQUIRE(by_default);
  CHECK(by_default->url.origin.host == "a.example.com");
  CHECK(by_default->url.path == "/base");
  CHECK(by_default->token.reveal() == "pba_a");

  ::setenv("PATCHBAY_PROFILE", "b", 1);
  CHECK(choose_connection("")->token.reveal() == "pba_b");
  ::setenv("PATCHBAY_URL", "https://c.example.com", 1);
  const auto half = choose_connection("");
  REQUIRE_FALSE(half);
  CHECK(half.error().message.contains("PATCHBAY_API_TOKEN"));
  ::setenv("PATCHBAY_API_TOKEN", "pba_c", 1);
  CHECK(choose_connection("")->url.origin.host == "c.example.com");
  CHECK(choose_connection("")->token.reveal() == "pba_c");
  CHECK(choose_connection("a")->token.reveal() == "pba_a");
  const auto none = choose_connection("aa");
  REQUIRE_FALSE(none);
  CHECK(none.error().hint.contains("a"));
}

TEST_CASE("Only TLS, or this machine, unless the person says otherwise") {
  CHECK(read_instance_url("https://mcp.example.com", false));
  for (const char* const here :
       {"http://127.0.0.1:8080", "http://localhost:8080", "http://[::1]:8080"}) {
    CHECK(read_instance_url(here, false));
  }
  for (const char* const away : {"http://mcp.example.com", "http://127.0.0.1.example.com",
                                 "http://localhost.example.com", "http://10.0.0.1"}) {
    CAPTURE(away);
    CHECK_FALSE(read_instance_url(away, false));
    CHECK(read_instance_url(away, true));
  }
  CHECK_FALSE(read_instance_url("https://mcp.example.com/mcp/pbm_x", false));
  CHECK_FALSE(read_instance_url("https://mcp.example.com?a=b", false));
  CHECK_FALSE(read_instance_url("mcp.example.com", false));
}

TEST_CASE("Times are told by their distance, and read by it") {
  const WallTime now{std::chrono::sys_days(std::chrono::year(2026) / 11 / 29)};
  CHECK(relative_time("2026-11-29T00:00:00.000Z", now) == "now");
  CHECK(relative_time("2026-11-28T22:00:00.000Z", now) == "2 hours ago");
  CHECK(relative_time("2026-12-06T00:00:00.000Z", now) == "in 7 days");
  CHECK(relative_time("2026-11-29T00:01:00.000Z", now) == "in 1 minute");
  CHECK(relative_time("", now) == "never");
  CHECK(relative_time("soon", now) == "soon");
  CHECK(*read_expiry("never", now) == json::Value());
  CHECK(*read_expiry("7d", now) == json::Value("2026-12-06T00:00:00.000Z"));
  CHECK(*read_expiry("30m", now) == json::Value("2026-11-29T00:30:00.000Z"));
  CHECK(*read_expiry("2030-01-01T00:00Z", now) == json::Value("2030-01-01T00:00:00.000Z"));
  for (const char* const none : {"", "7", "0d", "-1d", "7y", "d", "99999999d", "tomorrow"}) {
    CAPTURE(none);
    CHECK_FALSE(read_expiry(none, now));
  }
}

}  // namespace
}  // namespace patchbay::cli
