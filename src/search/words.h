// A text as the words that it is found by.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace patchbay::search {

inline constexpr std::size_t kMaxWord = 32;  // bytes; what is longer is no word of a language

// Lower case, at most `at_most` of them: "companyId" and "company_id" are two words. Letters beyond
// ASCII stay as they are; whatever bytes come, each word is 1 to kMaxWord of them.
std::vector<std::string> words_of(std::string_view text, std::size_t at_most);

// What a word's forms have in common: "entries" and "entry", "closed" and "closes". Light: for
// comparing with other stems, not for showing.
std::string stem(std::string_view word);

// What words of one family have in common, of their stems: "renewal" and "renew", "profitable" and
// "profit". Coarser than a stem.
std::string root(std::string_view stem);

// Words that say nothing of what is wanted: "the", "please".
bool is_filler(std::string_view word);

}  // namespace patchbay::search
