#include "cli/secrecy.h"

#include <algorithm>
#include <cstring>
#include <string_view>

#include <sys/prctl.h>
#include <sys/resource.h>

namespace patchbay::cli {
namespace {

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || \
    __has_feature(memory_sanitizer)
#define PATCHBAY_SANITIZED
#endif
#endif

// A URL and headers; a URL, and arguments of tools, which are a customer's.
constexpr std::string_view kTakesSecrets[] = {"stdio", "tools"};

// The address of a database has a password, as a rule.
constexpr std::string_view kDatabases[] = {"postgresql://", "postgres://"};

void blot_out(char* text) {
  std::memset(text, '*', std::strlen(text));
}

// Where an address begins that has a user and so a password, as a rule, whatever it is of: schemes
// are misspelt, and passwords are not to be seen for that. Else the end.
std::size_t begin_of_address(std::string_view text) {
  constexpr std::string_view kScheme =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-._";
  const std::size_t colon = text.find("://");
  if (colon == std::string_view::npos || !text.substr(colon).contains('@')) return text.size();
  const std::size_t before = text.substr(0, colon).find_last_not_of(kScheme);
  return before == std::string_view::npos ? 0 : before + 1;
}

// "--header" and "--ca-file" may be seen; what follows them need not.
bool is_option_name(std::string_view text) {
  return text.starts_with("--") && text.find('=') == std::string_view::npos;
}

}  // namespace

void hide_memory() {
  constexpr rlimit kNone{0, 0};
  ::setrlimit(RLIMIT_CORE, &kNone);
#ifndef PATCHBAY_SANITIZED
  ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

Arguments::Arguments(int argc, char** argv) : texts_(argv, argv + argc) {
  for (const std::string& text : texts_) pointers_.push_back(text.c_str());
  const bool takes_secrets =
      argc >= 2 && std::ranges::find(kTakesSecrets, texts_[1]) != std::end(kTakesSecrets);
  for (int i = 2; i < argc; ++i) {
    const std::string_view text = texts_[static_cast<std::size_t>(i)];
    if (takes_secrets && !is_option_name(text)) blot_out(argv[i]);
    for (const std::string_view database : kDatabases) {
      const std::size_t at = text.find(database);
      if (at != std::string_view::npos) blot_out(argv[i] + at);
    }
    blot_out(argv[i] + begin_of_address(text));
  }
}

}  // namespace patchbay::cli
