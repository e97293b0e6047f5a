#include "cli/terminal/endless_output.h"

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <thread>

#include <fmt/format.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "cli/terminal/terminal.h"

namespace patchbay::cli {
namespace {

// Whoever does not read what is printed any more, and does not hang up, is not waited for longer.
constexpr std::chrono::seconds kPatience{1};

}  // namespace

EndlessOutput::EndlessOutput() {
  block_stop_signals();
  std::thread([this] { watch(); }).detach();
}

void EndlessOutput::watch() {
  const sigset_t signals = stop_signals();
  const int asked_to_stop = ::signalfd(-1, &signals, SFD_CLOEXEC);
  // Of standard output no event is asked for: that its reader is gone is always told.
  std::array<pollfd, 2> both{{{.fd = asked_to_stop, .events = POLLIN, .revents = 0},
                              {.fd = STDOUT_FILENO, .events = 0, .revents = 0}}};
  while (::poll(both.data(), both.size(), -1) < 0 && errno == EINTR) {
  }
  const auto until = std::chrono::steady_clock::now() + kPatience;
  const MutexLock lock(mutex_);
  while (printing_ && printed_.wait_until(mutex_, until)) {
  }
  ::_exit(0);
}

void EndlessOutput::print(std::string_view lines) {
  {
    const MutexLock lock(mutex_);
    while (printing_) printed_.wait(mutex_);
    printing_ = true;
  }
  const bool written = std::fwrite(lines.data(), 1, lines.size(), stdout) == lines.size() &&
                       std::fflush(stdout) == 0;
  const int failure = errno;
  {
    const MutexLock lock(mutex_);
    printing_ = false;
    printed_.notify_all();
  }
  if (written) return;
  errno = failure;
  if (errno == EPIPE) ::_exit(0);
  const std::string why = std::strerror(errno);
  ::_exit(report({ErrorCode::unavailable, "Standard output cannot be written: " + why + ".", ""}));
}

}  // namespace patchbay::cli
