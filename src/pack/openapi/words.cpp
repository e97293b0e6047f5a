#include "pack/openapi/words.h"

#include <algorithm>
#include <cstdint>

#include "base/digit.h"
#include "base/text.h"

namespace patchbay::openapi {
namespace {

bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
// A new word begins at "O" in "purchaseOrders", and at "P" in "APIKeys" no earlier than at "K".
bool begins_word(std::string_view text, std::size_t at) {
  if (at == 0 || !is_upper(text[at])) return false;
  if (is_lower(text[at - 1]) || is_digit(text[at - 1])) return true;
  return is_upper(text[at - 1]) && at + 1 < text.size() && is_lower(text[at + 1]);
}

}  // namespace

std::string snake_name(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (!is_lower(c) && !is_upper(c) && !is_digit(c)) {
      if (!out.empty() && out.back() != '_') out += '_';
      continue;
    }
    if (begins_word(text, i) && !out.empty() && out.back() != '_') out += '_';
    out += is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
  }
  while (!out.empty() && out.back() == '_') out.pop_back();
  if (!out.empty() && is_digit(out.front())) out.insert(0, "n");
  return out;
}

std::string camel_name(std::string_view snake) {
  std::string out;
  bool raise = false;
  for (const char c : snake) {
    if (c == '_') {
      raise = true;
      continue;
    }
    out += raise && is_lower(c) ? static_cast<char>(c - 'a' + 'A') : c;
    raise = false;
  }
  return out;
}

std::string plain_name(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (is_lower(c) || is_digit(c)) out += c;
    if (is_upper(c)) out += static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

std::string short_digest(std::string_view text) {
  // FNV-1a: the same everywhere, and nothing here is secret.
  std::uint64_t hash = 14695981039346656037U;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
  static constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz234567";
  std::string out;
  for (int i = 0; i < 6; ++i, hash >>= 5U) out += kLetters[hash & 31U];
  return out;
}

std::string one_line(std::string_view text, std::size_t max_bytes) {
  std::string line;
  // More than is kept is not looked at: descriptions may have megabytes.
  for (const char c : text.substr(0, max_bytes * 4)) {
    const bool blank = static_cast<unsigned char>(c) <= ' ' || c == '\x7f';
    if (!blank) {
      line += c;
    } else if (!line.empty() && line.back() != ' ') {
      line += ' ';
    }
  }
  while (!line.empty() && line.back() == ' ') line.pop_back();
  const bool whole = text.size() <= max_bytes * 4;
  if (whole && line.size() <= max_bytes) return line;
  line = std::string(cut_utf8(line, max_bytes));
  const auto sentence = line.rfind(". ");
  if (sentence != std::string::npos && sentence > max_bytes / 3)
    return line.substr(0, sentence + 1);
  const auto word = line.rfind(' ');
  if (word != std::string::npos && word > max_bytes / 3) line.resize(word);
  return line;
}

std::string spoken(std::string_view snake) {
  std::string out(snake);
  std::ranges::replace(out, '_', ' ');
  return out;
}

std::string with_article(std::string_view noun) {
  const bool vowel = !noun.empty() && std::string_view("aeio").contains(noun.front());
  return (vowel ? "an " : "a ") + std::string(noun);
}

std::string capitalised(std::string text) {
  if (!text.empty() && is_lower(text[0])) text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

}  // namespace patchbay::openapi
