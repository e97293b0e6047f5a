// What a start refuses before anything is given out: the folder of another process, faults of the
// configuration, a file in the first token's place.
#include "app/foundations.h"

#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/first_token.h"
#include "base/clock.h"
#include "base/random.h"
#include "http/server.h"
#include "io/runtime.h"

namespace patchbay::app {
namespace {

class Folder {
 public:
  Folder() { std::filesystem::create_directory(path_); }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string operator/(std::string_view name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_ = std::filesystem::temp_directory_path() / random_id("patchbay-app");
};

void write(const std::string& path, std::string_view text) {
  std::ofstream(path) << text;
}
std::string read(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}
bool says(std::string_view text, std::string_view words) {
  return text.find(words) != std::string_view::npos;
}

const SystemClock kClock;
const telemetry::Log kLog(STDERR_FILENO, telemetry::Level::error);

Config sound(const Folder& folder) {
  Config config;
  config.port = 0;
  config.data_dir = folder / "data";
  config.key = Secret(std::string(64, 'a'));
  return config;
}

}  // namespace

TEST_CASE("a data folder is one process's, and says whose") {
  const Folder folder;
  const Config config = sound(folder);
  auto first = lay_foundations(config, false, kClock, kLog);
  REQUIRE(first);
  for (const auto& second :
       {lay_foundations(config, false, kClock, kLog), open_data(config, kLog)}) {
    REQUIRE_FALSE(second);
    CHECK(second.error().code == ErrorCode::conflict);
    CHECK(says(second.error().message, "(process " + std::to_string(::getpid()) + ")"));
    CHECK(says(second.error().hint, "admin API"));
  }
  *first = {};
  CHECK(open_data(config, kLog));
}

TEST_CASE("all that a configuration names is tried, and all faults are told at once with a mend") {
  const Folder folder;
  write(folder / "no.pem", "no certificate");
  write(folder / "data", "no folder");
  io::Runtime runtime({.loops = 1});
  http::Server taken(runtime, {.address = "127.0.0.1", .port = 0},
                     [](http::Request&) -> io::Task<http::Response> {
                       co_return http::Response::json(200, "{}");
                     });
  REQUIRE(taken.start());

  Config config;
  config.port = taken.port();
  config.data_dir = folder / "data";
  config.key_file = folder / "no.key";
  config.tls_certificate = folder / "none.pem";
  config.tls_key = folder / "no.pem";
  config.upstream_ca_file = folder / "no.pem";
  config.integrations_dir = folder / "nowhere";
  const auto laid = lay_foundations(config, false, kClock, kLog);
  REQUIRE_FALSE(laid);
  const std::string& text = laid.error().message;
  CAPTURE(text);
  for (const std::string& word :
       {std::string("There are 6 reasons"),
        ":" + std::to_string(taken.port()) + ": Address already in use",
        std::string("choose a port"), "TLS certificate file '" + config.tls_certificate,
        "CA file '" + config.upstream_ca_file + "' cannot be used",
        std::string("--upstream-ca-file, or leave it out"),
        "integrations from '" + config.integrations_dir, "master key from '" + config.key_file,
        std::string("patchbay key new FILE"), "make the data folder '" + config.data_dir,
        std::string("--data-dir")}) {
    CHECK_MESSAGE(says(text, word), word);
  }
}

TEST_CASE("a fault alone is told as itself") {
  const Folder folder;
  Config config = sound(folder);
  config.address = "localhost";
  CHECK(says(lay_foundations(config, true, kClock, kLog).error().message,
             "'localhost' is not an IP"));
  config = sound(folder);
  config.tls_key = folder / "key.pem";
  CHECK(says(lay_foundations(config, true, kClock, kLog).error().message, "one is missing"));
  config = sound(folder);
  std::filesystem::create_directory(config.data_dir);
  write(config.data_dir + "/patchbay.db", "no database at all, but long enough to be looked at");
  CHECK(says(lay_foundations(config, false, kClock, kLog).error().message, "database"));
  config.key = Secret("short");
  CHECK(says(lay_foundations(config, true, kClock, kLog).error().message, "32 bytes"));
}

TEST_CASE("the first token's file is whole, private, and over nothing that is there") {
  const Folder folder;
  const auto data = DataFolder::open(folder / "data").value();
  const auto token = vault::Token::generate(vault::TokenKind::api);
  const std::string path = first_token_file(data);
  const std::string line = std::string(token.reveal()) + "\n";

  REQUIRE(write_first_token(data, token));
  CHECK(read(path) == line);
  struct stat status{};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 07777) == 0600);
  CHECK(write_first_token(data, token));  // it is there already
  const auto refused = [&] {
    const auto written = write_first_token(data, token);
    return !written && written.error().code == ErrorCode::conflict;
  };

  SUBCASE("another token's") {
    CHECK_FALSE(write_first_token(data, vault::Token::generate(vault::TokenKind::api)));
    CHECK(read(path) == line);
  }
  SUBCASE("a link to a file of somebody's") {
    ::unlink(path.c_str());
    write(folder / "victim", "theirs");
    REQUIRE(::symlink((folder / "victim").c_str(), path.c_str()) == 0);
    CHECK(refused());
    CHECK(read(folder / "victim") == "theirs");
    // Not even where the link leads to the token itself.
    write(folder / "victim", line);
    CHECK(refused());
  }
  SUBCASE("a link to nothing") {
    ::unlink(path.c_str());
    REQUIRE(::symlink((folder / "made").c_str(), path.c_str()) == 0);
    CHECK(refused());
    CHECK_FALSE(std::filesystem::exists(folder / "made"));
  }
  SUBCASE("a file that others may read") {
    REQUIRE(::chmod(path.c_str(), 0644) == 0);
    CHECK(refused());
  }
  SUBCASE("a pipe, which nobody waits for") {
    ::unlink(path.c_str());
    REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
    CHECK(refused());
  }
  // No draft is left behind.
  for (const auto& entry : std::filesystem::directory_iterator(folder / "data")) {
    const auto name = entry.path().filename().string();
    CHECK((name == "patchbay.lock" || name == "first-api-token"));
  }
}

}  // namespace patchbay::app
