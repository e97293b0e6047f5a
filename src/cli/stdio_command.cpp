#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <thread>
#include <utility>

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include "base/mutex.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/mcp/mcp_url.h"
#include "cli/mcp/stdio_bridge.h"
#include "cli/terminal/terminal.h"
#include "http/proxy.h"
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
  // Whoever has lost its reader has nobody to work for.
  if (std::fflush(stdout) != 0) std::_Exit(0);
}

// The lines of standard input, until it ends or nobody reads standard output any more.
class Lines {
 public:
  bool next(std::string& line) {
    std::size_t end = 0;
    while ((end = rest_.find('\n', searched_)) == std::string::npos) {
      searched_ = rest_.size();
      if (!read_more()) {
        line = std::exchange(rest_, {});  // a last line without its end
        searched_ = 0;
        return !line.empty();
      }
    }
    line = rest_.substr(0, end);
    rest_.erase(0, end + 1);
    searched_ = 0;
    return true;
  }

 private:
  bool read_more() {
    std::array<pollfd, 2> both{{{STDIN_FILENO, POLLIN, 0}, {STDOUT_FILENO, 0, 0}}};
    while (::poll(both.data(), both.size(), -1) < 0 && errno == EINTR) {
    }
    // A pipe says POLLERR when its reader has gone; a socket, as Node.js gives, or a terminal
    // POLLHUP.
    if ((both[1].revents & (POLLERR | POLLHUP | POLLNVAL)) != 0) return false;
    std::array<char, 64 * 1024> piece;
    ssize_t count = 0;
    while ((count = ::read(STDIN_FILENO, piece.data(), piece.size())) < 0 && errno == EINTR) {
    }
    if (count <= 0) return false;
    rest_.append(piece.data(), static_cast<std::size_t>(count));
    return true;
  }

  std::string rest_;
  std::size_t searched_ = 0;
};

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
  auto url = read_mcp_url(request.url, request.url_file);
  if (!url) return report(url.error());
  auto headers = read_headers(request.headers);
  if (!headers) return report(headers.error());

  const auto variable = [](const char* name) -> std::optional<std::string> {
    const char* const value = std::getenv(name);
    return value != nullptr ? std::optional<std::string>(value) : std::nullopt;
  };
  if (const auto proxy = http::choose_proxy(url->origin, variable); !proxy) {
    return report(proxy.error());
  }

  io::Runtime runtime({.loops = 1});
  http::Client client(runtime, {.ca_file = request.ca_file});
  StdioBridge bridge(client, std::move(*url), std::move(*headers), write_line,
                     [](std::string_view reason) { fmt::print(stderr, "patchbay: {}\n", reason); });
  bridge.use_proxies_of(variable);
  runtime.start();
  Pending pending;
  Lines lines;
  for (std::string line; lines.next(line);) {
    if (trim(line).empty()) continue;
    pending.add();
    runtime.spawn(runtime.loop(0),
                  [&bridge, &pending, line] { return forward(bridge, line, pending); });
  }
  io::post(runtime.loop(0), [&bridge] { bridge.stop_listening(); });
  // A client that closes its end wants no more, but what it asked may still be on its way.
  pending.wait_for_none(std::chrono::seconds(5));
  std::fflush(stdout);
  runtime.stop();
  return 0;
}

}  // namespace patchbay::cli
