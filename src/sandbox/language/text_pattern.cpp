#include "sandbox/language/text_pattern.h"

#include <algorithm>
#include <optional>
#include <vector>

namespace patchbay::sandbox {
namespace {

// The characters of a text, each as its bytes.
std::vector<std::string_view> characters_of(std::string_view text) {
  std::vector<std::string_view> out;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at + 1;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) ++end;
    out.push_back(text.substr(at, end - at));
    at = end;
  }
  return out;
}

// One place of a pattern.
struct Element {
  bool run = false;  // any characters, also none
  bool any = false;  // any one character
  std::vector<std::string_view> one_of = {};

  bool takes(std::string_view character) const {
    return any || std::ranges::find(one_of, character) != one_of.end();
  }
};

// Nothing where a bracket is not closed.
std::optional<std::vector<Element>> read(std::string_view pattern, PatternLanguage language) {
  const bool database = language == PatternLanguage::database;
  const auto characters = characters_of(pattern);
  std::vector<Element> out;
  for (auto at = characters.begin(); at != characters.end(); ++at) {
    if (*at == "*" || (database && *at == "%")) {
      out.push_back({.run = true});
    } else if (database && *at == "_") {
      out.push_back({.any = true});
    } else if (*at == "[") {
      const auto close = std::find(at + 1, characters.end(), "]");
      if (close == characters.end()) return std::nullopt;
      out.push_back({.one_of = {at + 1, close}});
      at = close;
    } else {
      out.push_back({.one_of = {*at}});
    }
  }
  return out;
}

bool matches(const std::vector<Element>& pattern, const std::vector<std::string_view>& text) {
  // On a mismatch, go back to the last run and let it take one character more.
  std::size_t at = 0;
  std::size_t in_pattern = 0;
  std::optional<std::size_t> last_run;
  std::size_t taken_until = 0;
  while (at < text.size()) {
    if (in_pattern < pattern.size() && pattern[in_pattern].run) {
      last_run = in_pattern++;
      taken_until = at;
    } else if (in_pattern < pattern.size() && pattern[in_pattern].takes(text[at])) {
      ++in_pattern;
      ++at;
    } else if (last_run) {
      in_pattern = *last_run + 1;
      at = ++taken_until;
    } else {
      return false;
    }
  }
  return std::all_of(pattern.begin() + static_cast<std::ptrdiff_t>(in_pattern), pattern.end(),
                     [](const Element& element) { return element.run; });
}

// Most texts are no patterns, and lists are long.
bool is_plain(std::string_view pattern, PatternLanguage language) {
  return pattern.find_first_of(language == PatternLanguage::database ? "*[%_" : "*[") ==
         std::string_view::npos;
}

}  // namespace

bool matches_whole(std::string_view text, std::string_view pattern, PatternLanguage language) {
  if (is_plain(pattern, language)) return text == pattern;
  const auto read_pattern = read(pattern, language);
  return read_pattern && matches(*read_pattern, characters_of(text));
}

bool matches_part(std::string_view text, std::string_view pattern, PatternLanguage language) {
  if (is_plain(pattern, language)) return text.contains(pattern);
  auto read_pattern = read(pattern, language);
  if (!read_pattern) return false;
  read_pattern->insert(read_pattern->begin(), Element{.run = true});
  read_pattern->push_back(Element{.run = true});
  return matches(*read_pattern, characters_of(text));
}

}  // namespace patchbay::sandbox
