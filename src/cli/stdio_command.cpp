#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <thread>

#include <fmt/format.h>

#include "base/mutex.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/stdio_bridge.h"
#include "cli/terminal.h"
#include "http/url.h"
#include "io/runtime.h"

namespace patchbay::cli {
namespace {

Result<http::Headers> read_headers(const std::vector<std::string>& lines) {
  http::Headers headers;
  for (const std::string& line : lines) {
    const auto colon = line.find(':');
    if (colon == std::string::npos || colon == 0) {
      return fail(ErrorCode::invalid_argument, "A --header has the form \"Name: value\".");
    }
    headers.add(line.substr(0, colon), std::string(trim(std::string_view(line).substr(colon + 1))));
  }
  if (const char* const token = std::getenv("PATCHBAY_API_TOKEN")) {
    headers.set("X-Api-Token", token);
  }
  return headers;
}

void write_line(std::string_view line) {
  std::fwrite(line.data(), 1, line.size(), stdout);
  std::fputc('\n', stdout);
  std::fflush(stdout);
}

// How many lines are being forwarded; the end of input waits for them.
class Pending {
 public:
  void add() {
    const MutexLock lock(mutex_);
    ++count_;
  }
  void remove() {
    const MutexLock lock(mutex_);
    if (--count_ == 0) none_.notify_all();
  }
  void wait_for_none(std::chrono::seconds at_most) {
    const MutexLock lock(mutex_);
    const auto until = std::chrono::steady_clock::now() + at_most;
    while (count_ > 0 && none_.wait_until(mutex_, until)) {
    }
  }

 private:
  Mutex mutex_;
  Condition none_;
  int count_ PATCHBAY_GUARDED_BY(mutex_) = 0;
};

io::Task<> forward(StdioBridge& bridge, std::string line, Pending& pending) {
  co_await bridge.forward(std::move(line));
  pending.remove();
}

}  // namespace

int stdio(const StdioRequest& request) {
  std::string text = request.url;
  if (text.empty()) {
    if (const char* const variable = std::getenv("PATCHBAY_MCP_URL")) text = variable;
  }
  if (text.empty()) {
    return report({ErrorCode::invalid_argument, "Which MCP URL?",
                   "Give it as an argument or in PATCHBAY_MCP_URL."});
  }
  auto url = http::parse_url(text);
  if (!url) return report(url.error());
  auto headers = read_headers(request.headers);
  if (!headers) return report(headers.error());

  io::Runtime runtime({.loops = 1});
  http::Client client(runtime, {.ca_file = request.ca_file});
  StdioBridge bridge(client, std::move(*url), std::move(*headers), write_line,
                     [](std::string_view reason) { fmt::print(stderr, "patchbay: {}\n", reason); });
  runtime.start();
  Pending pending;
  for (std::string line; std::getline(std::cin, line);) {
    if (trim(line).empty()) continue;
    pending.add();
    runtime.spawn(runtime.loop(0),
                  [&bridge, &pending, line] { return forward(bridge, line, pending); });
  }
  // A client that closes its end wants no more, but what it asked may still be on its way.
  pending.wait_for_none(std::chrono::seconds(5));
  std::fflush(stdout);
  runtime.stop();
  return 0;
}

}  // namespace patchbay::cli
