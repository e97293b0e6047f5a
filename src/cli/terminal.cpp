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

sigset_t all_signals() {
  sigset_t set = stop_signals();
  sigaddset(&set, SIGHUP);
  return set;
}

void block(sigset_t set) {
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

int wait_for(sigset_t set) {
  int signal = 0;
  sigwait(&set, &signal);
  return signal;
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
  block(stop_signals());
}

void wait_for_stop_signal() {
  wait_for(stop_signals());
}

void block_signals() {
  block(all_signals());
}

Asked wait_for_signal() {
  return wait_for(all_signals()) == SIGHUP ? Asked::reload : Asked::stop;
}

}  // namespace patchbay::cli
