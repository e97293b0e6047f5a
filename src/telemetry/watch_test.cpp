#include "telemetry/watch.h"

#include <algorithm>

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

namespace patchbay::telemetry {
namespace {

struct Pipe {
  Pipe() {
    REQUIRE(::pipe(ends) == 0);
    REQUIRE(::fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0);
  }
  ~Pipe() {
    ::close(ends[0]);
    ::close(ends[1]);
  }
  int ends[2]{};
};

struct Post : Pipe {
  // What was written since the last time.
  std::string text() const {
    std::string out(60'000, '\0');
    const ssize_t length = ::read(ends[0], out.data(), out.size());
    out.resize(length < 0 ? 0 : static_cast<std::size_t>(length));
    return out;
  }
  ManualClock clock{WallTime(std::chrono::seconds(1'790'000'000))};
  Log log{ends[1], Level::info};
  Metrics metrics;
  Watch watch{log, metrics, clock};
};

std::ptrdiff_t lines(const std::string& text) {
  return std::ranges::count(text, '\n');
}

TEST_CASE("a flood from one source is one line, and its number when the minute is over") {
  Post post;
  post.clock.advance(std::chrono::hours(1));
  for (int i = 0; i < 500; ++i) post.watch.saw(Sight::wrong_token, "192.0.2.7");
  const std::string first = post.text();
  CHECK(lines(first) == 1);
  CHECK(first.find(R"("event":"wrong_token","source":"192.0.2.7")") != std::string::npos);
  CHECK(first.find(R"("times":1)") != std::string::npos);
  post.clock.advance(std::chrono::seconds(61));
  post.watch.saw(Sight::wrong_token, "192.0.2.8");
  const std::string second = post.text();
  CHECK(lines(second) == 2);
  CHECK(second.find(R"("source":"192.0.2.7","what":"","times":499)") != std::string::npos);
  CHECK(post.metrics.expose().find(R"(events_total{event="wrong_token"} 501)") !=
        std::string::npos);
}

TEST_CASE("kinds and sources are kept apart, up to a bound, and then told together") {
  Post post;
  post.watch.saw(Sight::wrong_token, "a");
  post.watch.saw(Sight::limit_hit, "a", "connections");
  CHECK(post.text().find(R"("what":"connections")") != std::string::npos);
  std::ptrdiff_t told = 0;
  for (std::size_t i = 0; i < 2 * Watch::kMostSources; ++i) {
    post.watch.saw(Sight::wrong_token, "source " + std::to_string(i));
    told += lines(post.text());
  }
  CHECK(told <= static_cast<std::ptrdiff_t>(Watch::kMostSources));
  post.clock.advance(std::chrono::minutes(3));
  post.watch.saw(Sight::wrong_token, "new");
  CHECK(post.text().find(R"("source":"others")") != std::string::npos);
}

TEST_CASE("a token that stands for a source is not told, and a change is told each time") {
  Post post;
  post.watch.saw(Sight::limit_hit, "pbm_verysecretverysecretverysecret");
  for (int i = 0; i < 2; ++i) {
    post.watch.changed("rotateMcpServer", "tok_1", "/integrated-account/acc_1/mcp/mcp_1/rotate");
  }
  const std::string text = post.text();
  CHECK(lines(text) == 3);
  CHECK(text.find("acc_1/mcp/mcp_1") != std::string::npos);
  CHECK(text.find("verysecret") == std::string::npos);
  CHECK(text.find(R"("token_id":"tok_1")") != std::string::npos);
}

}  // namespace
}  // namespace patchbay::telemetry
