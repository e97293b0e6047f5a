#include "cli/terminal/prompt.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include <fcntl.h>
#include <fmt/format.h>
#include <termios.h>
#include <unistd.h>

#include "base/text.h"
#include "cli/terminal/display_text.h"

namespace patchbay::cli {
namespace {

constexpr std::size_t kMostInput = 1024 * 1024;

// Without echo, and key by key: a Ctrl-C must not end the process while the terminal is like this.
class QuietTerminal {
 public:
  QuietTerminal() {
    if (::tcgetattr(STDIN_FILENO, &before_) != 0) return;
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO | ICANON | ISIG);
    quiet.c_cc[VMIN] = 1;
    quiet.c_cc[VTIME] = 0;
    changed_ = ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet) == 0;
  }
  ~QuietTerminal() {
    if (changed_) ::tcsetattr(STDIN_FILENO, TCSADRAIN, &before_);
  }
  QuietTerminal(const QuietTerminal&) = delete;
  QuietTerminal& operator=(const QuietTerminal&) = delete;
  bool is_quiet() const { return changed_; }

 private:
  termios before_{};
  bool changed_ = false;
};

std::unexpected<Error> given_up() {
  return fail(ErrorCode::cancelled, "Nothing was changed.");
}

// One byte of standard input; nothing at its end.
int next_byte() {
  char byte = 0;
  ssize_t count = 0;
  while ((count = ::read(STDIN_FILENO, &byte, 1)) < 0 && errno == EINTR) {
  }
  return count == 1 ? static_cast<unsigned char>(byte) : EOF;
}

void put_question(std::string_view question) {
  const std::string text = many_lines(question) + " ";
  std::fputs(text.c_str(), stderr);
  std::fflush(stderr);
}

}  // namespace

bool can_ask() {
  return ::isatty(STDIN_FILENO) == 1 && ::isatty(STDERR_FILENO) == 1;
}

Result<std::string> ask(std::string_view question, std::string_view otherwise) {
  put_question(question);
  std::string line;
  int byte = 0;
  while ((byte = next_byte()) != EOF && byte != '\n') line += static_cast<char>(byte);
  if (byte == EOF && line.empty()) return given_up();
  const std::string_view said = trim(line);
  return std::string(said.empty() ? otherwise : said);
}

Result<Secret> ask_hidden(std::string_view question) {
  constexpr int kInterrupt = 3;
  constexpr int kEnd = 4;
  constexpr int kBackspace = 8;
  constexpr int kClearLine = 21;
  constexpr int kDelete = 127;
  const QuietTerminal terminal;
  if (!terminal.is_quiet()) {
    return fail(ErrorCode::unavailable, "The terminal cannot be kept from showing what is typed.",
                "Give the secret in a file or on standard input.");
  }
  put_question(question);
  std::string line;
  int byte = 0;
  while ((byte = next_byte()) != '\n' && byte != '\r') {
    if (byte == EOF || byte == kInterrupt || (byte == kEnd && line.empty())) {
      std::fputs("\n", stderr);
      return given_up();
    }
    if (byte == kBackspace || byte == kDelete) {
      if (!line.empty()) line.pop_back();
    } else if (byte == kClearLine) {
      line.clear();
    } else if (byte != kEnd) {
      line += static_cast<char>(byte);
    }
  }
  std::fputs("\n", stderr);
  return Secret(std::string(trim(line)));
}

namespace {

Result<> agree(std::string_view what_happens, std::string_view question, std::string_view word) {
  if (!can_ask()) {
    return fail(ErrorCode::invalid_argument,
                fmt::format("Nothing was changed, for it has to be agreed to: {}", what_happens),
                "Where nobody can be asked, --yes agrees to it.");
  }
  const auto typed = ask(fmt::format("{}\n{}", what_happens, question));
  if (!typed) return std::unexpected(typed.error());
  if (*typed != trim(word)) return given_up();
  return {};
}

}  // namespace

Result<> confirm(std::string_view what_goes, std::string_view name, bool yes) {
  if (yes) return {};
  return agree(what_goes, fmt::format("Type its name ({}) to go on:", one_line(name)), name);
}

Result<> confirm_by_word(std::string_view what_happens, std::string_view word, bool yes) {
  if (yes) return {};
  return agree(what_happens, fmt::format("Type {} to go on:", word), word);
}

Result<Secret> read_input(const std::string& file) {
  const bool standard = file == "-";
  const int from = standard ? STDIN_FILENO : ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  const auto cannot = [&](int reason) {
    return fail(ErrorCode::not_found,
                fmt::format("Cannot read {}: {}.", standard ? "standard input" : "'" + file + "'",
                            std::strerror(reason)));
  };
  if (from < 0) return cannot(errno);
  std::string text;
  std::array<char, 4096> piece{};
  ssize_t count = 0;
  while ((count = ::read(from, piece.data(), piece.size())) != 0) {
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 || text.size() > kMostInput) break;
    text.append(piece.data(), static_cast<std::size_t>(count));
  }
  const int reason = errno;
  if (!standard) ::close(from);
  if (count < 0) return cannot(reason);
  if (text.size() > kMostInput) {
    return fail(ErrorCode::too_large, "More than a mebibyte was given where little is expected.");
  }
  return Secret(std::move(text));
}

Result<Secret> read_first_line(const std::string& file, std::string_view what) {
  const auto text = read_input(file);
  if (!text) return text;
  const std::string_view line = trim(text->reveal().substr(0, text->reveal().find('\n')));
  if (line.empty()) {
    return fail(ErrorCode::invalid_argument,
                fmt::format("There is no {} on the first line of {}.", what,
                            file == "-" ? "standard input" : "'" + file + "'"));
  }
  return Secret(std::string(line));
}

}  // namespace patchbay::cli
