#include "gateway/answers/lines.h"

#include <string_view>
#include <utility>

namespace patchbay::gateway {

namespace {

// A line ends at the first comma beyond this length.
constexpr std::size_t kEnoughForALine = 20'000;

bool has_long_line(std::string_view text) {
  while (text.size() > kLongestLine) {
    const auto end = text.find('\n');
    if (end > kLongestLine) return true;  // or there is none
    text.remove_prefix(end + 1);
  }
  return false;
}

}  // namespace

std::size_t without_line_breaks(std::size_t cap) {
  return cap > kLongestLine ? cap - cap / kEnoughForALine : cap;
}

void break_long_lines(std::string& text) {
  if (!has_long_line(text)) return;
  std::string out;
  out.reserve(text.size() + text.size() / kEnoughForALine + 1);
  std::size_t line_begin = 0;  // in `out`
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    out += c;
    if (c == '\\') {
      if (++i < text.size()) out += text[i];
    } else if (c == '"') {
      in_string = !in_string;
    } else if (c == '\n') {
      line_begin = out.size();
    } else if (c == ',' && !in_string && out.size() - line_begin >= kEnoughForALine) {
      // What ends there anyway (a list's records) needs no second end.
      if (i + 1 < text.size() && text[i + 1] == '\n') continue;
      out += '\n';
      line_begin = out.size();
    }
  }
  text = std::move(out);
}

}  // namespace patchbay::gateway
