// Texts of conditions as the vendor's guide has them: a string takes `*` for any run of characters,
// also none, and brackets for one of the characters in them. So does a character that means more
// stand for itself: "[[]Draft]" is the text [Draft], and "5 [*] 3" is 5 * 3.
//
// `like` is the database's own besides, and has its wildcards: % for a run, _ for one character.
#pragma once

#include <cstdint>
#include <string_view>

namespace patchbay::sandbox {

enum class PatternLanguage : std::uint8_t {
  guide,     // `*` and brackets
  database,  // % and _ as well
};

// Both take text that is folded already (records/collation.h). What an opened bracket leaves
// unclosed matches nothing, as in the database.
bool matches_whole(std::string_view text, std::string_view pattern, PatternLanguage language);
bool matches_part(std::string_view text, std::string_view pattern, PatternLanguage language);

}  // namespace patchbay::sandbox
