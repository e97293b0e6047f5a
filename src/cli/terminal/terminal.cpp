#include "cli/terminal/terminal.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <system_error>

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/text.h"
#include "cli/terminal/display_text.h"
#include "json/write.h"

namespace patchbay::cli {
namespace {

bool styled(int file_descriptor) {
  return ::isatty(file_descriptor) == 1 && std::getenv("NO_COLOR") == nullptr;
}

std::string wrap(std::string_view text, std::string_view code) {
  if (!styled(STDOUT_FILENO)) return std::string(text);
  return fmt::format("\x1b[{}m{}\x1b[0m", code, text);
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
std::string red(std::string_view text) {
  return wrap(text, "31");
}
std::string yellow(std::string_view text) {
  return wrap(text, "33");
}
std::string green(std::string_view text) {
  return wrap(text, "32");
}

std::optional<std::size_t> terminal_width() {
  if (::isatty(STDOUT_FILENO) == 0) return std::nullopt;
  constexpr std::size_t kUsual = 80;
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col != 0) return size.ws_col;
  // One that does not tell its size, as some that run programs for others: what the shell knows.
  const char* const told = std::getenv("COLUMNS");
  const auto columns = told != nullptr ? parse_int64(told) : std::nullopt;
  return columns && *columns > 0 ? static_cast<std::size_t>(*columns) : kUsual;
}

bool output_is_styled() {
  return styled(STDOUT_FILENO);
}

int report(const Error& error) {
  std::string text = fmt::format("patchbay: {}\n", many_lines(error.message));
  if (!error.hint.empty()) text += fmt::format("  {}\n", many_lines(error.hint));
  std::fputs(text.c_str(), stderr);
  return 1;
}

int run_and_flush(const std::function<int()>& command) {
  const auto lost = [](int why) {
    if (why == EPIPE) return 1;
    return report({ErrorCode::unavailable,
                   fmt::format("Standard output cannot be written: {}.", std::strerror(why)),
                   "What the command did stands; what it had to say is lost, and with it a secret "
                   "that is told once."});
  };
  try {
    const int code = command();
    errno = 0;
    if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return code;
    return lost(errno != 0 ? errno : EIO);
  } catch (const std::system_error& error) {
    // Of fmt::print; anything else is no matter of the output.
    if (std::ferror(stdout) == 0) throw;
    return lost(error.code().value());
  }
}

void remark(std::string_view text) {
  const std::string line = many_lines(text) + "\n";
  std::fputs(line.c_str(), stderr);
}

// Of characters that steer a terminal JSON has the small ones escaped, but not U+007F to U+009F.
// These stand in strings only.
std::string json_line(const json::Value& value) {
  const std::string plain = json::to_string(value);
  std::string line;
  for (std::size_t at = 0; at < plain.size(); ++at) {
    const auto byte = static_cast<unsigned char>(plain[at]);
    const auto next = static_cast<unsigned char>(at + 1 < plain.size() ? plain[at + 1] : 0);
    if (byte == 0x7f) {
      line += "\\u007f";
    } else if (byte == 0xc2 && next < 0xa0) {
      line += fmt::format("\\u{:04x}", next);
      ++at;
    } else {
      line += plain[at];
    }
  }
  return line + "\n";
}

void print_json(const json::Value& value) {
  fmt::print("{}", json_line(value));
}

sigset_t stop_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
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
