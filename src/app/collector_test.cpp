#include "app/collector.h"

#include <cstdio>
#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>

#include "base/random.h"

namespace patchbay::app {
namespace {

Result<http::Headers> of_variable(std::string text) {
  Config config;
  config.otlp_headers = Secret(std::move(text));
  return collector_headers(config);
}

// A file of its own, gone with it.
class HeaderFile {
 public:
  explicit HeaderFile(std::string_view text) { std::ofstream(path_) << text; }
  ~HeaderFile() { std::filesystem::remove(path_); }
  HeaderFile(const HeaderFile&) = delete;
  HeaderFile& operator=(const HeaderFile&) = delete;
  Result<http::Headers> read() const {
    Config config;
    config.otlp_headers_file = path_;
    return collector_headers(config);
  }

 private:
  const std::string path_ =
      (std::filesystem::temp_directory_path() / random_id("patchbay-headers")).string();
};

TEST_CASE("The collector's headers come from the environment, percent-encoded") {
  const auto headers = of_variable("x-api-key=s3cr%2Ct, Authorization=Basic%20abc==");
  REQUIRE(headers.has_value());
  CHECK(headers->size() == 2);
  CHECK(headers->find("x-api-key") == "s3cr,t");
  CHECK(headers->find("authorization") == "Basic abc==");
}

TEST_CASE("or from a file, a line each as they are") {
  const HeaderFile file("Authorization: Bearer a:b,c=%20\r\n\nx-scope: team-1\n");
  const auto headers = file.read();
  REQUIRE(headers.has_value());
  CHECK(headers->find("authorization") == "Bearer a:b,c=%20");
  CHECK(headers->find("x-scope") == "team-1");
  CHECK(collector_headers(Config{}).value().empty());
}

TEST_CASE("What is no header is refused, and never repeated") {
  for (const char* text : {"hunter2", "=hunter2", "a b=hunter2", "x=hunter2%0d%0aHost: evil",
                           "x=hunter2%", "x=", "Content-Type=hunter2", "host=hunter2",
                           "Transfer-Encoding=hunter2", "x=hunter2\xC3\xA9"}) {
    const auto refused = of_variable(text);
    CAPTURE(text);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == ErrorCode::invalid_argument);
    CHECK_FALSE(refused.error().message.contains("hunter2"));
    CHECK_FALSE(refused.error().hint.contains("hunter2"));
  }
  const auto refused = HeaderFile("x-scope: a\nhunter2\n").read();
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().message.contains("number 2"));
  CHECK_FALSE(refused.error().message.contains("hunter2"));
  std::string many;
  for (int n = 0; n < 21; ++n) many += "x-" + std::to_string(n) + ": 1\n";
  CHECK_FALSE(HeaderFile(many).read());
}

TEST_CASE("A file that is not there is told of") {
  Config config;
  config.otlp_headers_file = "/nowhere/headers";
  const auto refused = collector_headers(config);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == ErrorCode::not_found);
  CHECK(refused.error().message.contains("/nowhere/headers"));
}

}  // namespace
}  // namespace patchbay::app
