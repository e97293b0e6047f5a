#include "cli/terminal.h"

#include <csignal>
#include <cstdio>
#include <cstdlib>

#include <fmt/format.h>
#include <unistd.h>

namespace patchbay::cli {
namespace {

bool styled(int file_descriptor) {
  return ::isatty(file_descriptor) == 1 && std::getenv("NO_COLOR") == nullptr;
}

std::string wrap(std::string_view text, std::string_view code) {
  if (!styled(STDOUT_FILENO)) return std::string(text);
  return fmt::format("\x1b[{}m{}\x1b[0m", code, text);
}

sigset_t stop_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

}  // namespace

std::string bold(std::string_view text) {
  return wrap(text, "1");
}
std::string faint(std::string_view text) {
  return wrap(text, "2");
}

int report(const Error& error) {
  std::string text = fmt::format("patchbay: {}\n", error.message);
  if (!error.hint.empty()) text += fmt::format("  {}\n", error.hint);
  std::fputs(text.c_str(), stderr);
  return 1;
}

void block_stop_signals() {
  const sigset_t set = stop_signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

void wait_for_stop_signal() {
  const sigset_t set = stop_signals();
  int signal = 0;
  sigwait(&set, &signal);
}

}  // namespace patchbay::cli
