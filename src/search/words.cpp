#include "search/words.h"

#include <algorithm>
#include <array>

#include "base/digit.h"

namespace patchbay::search {
namespace {

bool is_upper(char byte) {
  return byte >= 'A' && byte <= 'Z';
}

bool is_letter(char byte) {
  return (byte >= 'a' && byte <= 'z') || is_upper(byte) ||
         (static_cast<unsigned char>(byte) >= 0x80);
}

bool is_vowel(char byte) {
  return std::string_view("aeiouy").contains(byte);
}

bool has_vowel(std::string_view text) {
  return std::ranges::any_of(text, is_vowel);
}

// "companyId", "SLAName": where a capital begins a word.
bool begins_word(std::string_view text, std::size_t at) {
  if (!is_upper(text[at])) return false;
  const char before = text[at - 1];
  if (!is_upper(before)) return true;
  return at + 1 < text.size() && is_letter(text[at + 1]) && !is_upper(text[at + 1]) &&
         // A plural of capitals: "SLAs", "POs".
         !(text[at + 1] == 's' && (at + 2 == text.size() || !is_letter(text[at + 2])));
}

std::string without_plural(std::string_view word) {
  if (word.ends_with("ies") && word.size() > 4) {
    return std::string(word.substr(0, word.size() - 3)) + 'y';
  }
  for (const std::string_view ending : {"sses", "ches", "shes", "xes", "zes", "uses"}) {
    if (word.ends_with(ending) && word.size() > ending.size() + 1) {
      return std::string(word.substr(0, word.size() - 2));
    }
  }
  if (word.ends_with('s') && !word.ends_with("ss") && !word.ends_with("us") &&
      !word.ends_with("is")) {
    return std::string(word.substr(0, word.size() - 1));
  }
  return std::string(word);
}

// "shipp" of "shipping" is "ship"; "bill" of "billing" stays.
void undouble(std::string& word) {
  const std::size_t size = word.size();
  if (size < 4 || word[size - 1] != word[size - 2]) return;
  if (std::string_view("lszaeiou").contains(word.back())) return;
  word.pop_back();
}

}  // namespace

std::vector<std::string> words_of(std::string_view text, std::size_t at_most) {
  std::vector<std::string> words;
  std::string word;
  const auto end_word = [&] {
    if (!word.empty() && words.size() < at_most) words.push_back(word);
    word.clear();
  };
  for (std::size_t at = 0; at < text.size() && words.size() < at_most; ++at) {
    const char byte = text[at];
    if (!is_letter(byte) && !is_digit(byte)) {
      end_word();
      continue;
    }
    if (!word.empty() && (begins_word(text, at) || word.size() == kMaxWord)) end_word();
    word += is_upper(byte) ? static_cast<char>(byte - 'A' + 'a') : byte;
  }
  end_word();
  return words;
}

std::string stem(std::string_view word) {
  if (word.size() <= 3) return std::string(word);
  std::string out = without_plural(word);
  for (const std::string_view ending : {"ing", "ed"}) {
    const std::string_view rest =
        std::string_view(out).substr(0, out.size() - std::min(out.size(), ending.size()));
    if (!out.ends_with(ending) || rest.size() < 3 || !has_vowel(rest)) continue;
    out.resize(rest.size());
    undouble(out);
    break;
  }
  if (out.size() > 3 && out.ends_with('e')) out.pop_back();
  return out;
}

bool is_filler(std::string_view word) {
  static constexpr auto kFillers = std::to_array<std::string_view>(
      {"a",    "about", "again", "all",  "an",   "and",   "any",    "are",   "as",    "at",
       "be",   "been",  "but",   "by",   "can",  "could", "do",     "does",  "for",   "from",
       "had",  "has",   "have",  "he",   "her",  "his",   "how",    "i",     "if",    "in",
       "into", "is",    "it",    "its",  "just", "let",   "like",   "me",    "my",    "need",
       "of",   "on",    "one",   "or",   "our",  "out",   "please", "s",     "she",   "so",
       "some", "such",  "t",     "that", "the",  "their", "them",   "there", "these", "they",
       "this", "those", "to",    "up",   "us",   "want",  "was",    "we",    "were",  "what",
       "when", "where", "which", "who",  "will", "with",  "would",  "yet",   "you",   "your"});
  static_assert(std::ranges::is_sorted(kFillers));
  return std::ranges::binary_search(kFillers, word);
}

}  // namespace patchbay::search
