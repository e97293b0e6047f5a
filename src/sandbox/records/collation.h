// How the vendor's database compares text: without regard to case.
#pragma once

#include <compare>
#include <string>
#include <string_view>

namespace patchbay::sandbox {

// Lower case for ASCII and for the Latin-1 letters in UTF-8 (É, Ö, …); other bytes stay.
std::string fold(std::string_view text);

// These three take text that is folded already.
bool contains_folded(std::string_view text, std::string_view part);
// `%` stands for any run of characters, also none. Nothing else is special: whether the API passes
// the database's other wildcards (_ and [..]) through is not known.
bool like_folded(std::string_view text, std::string_view pattern);

// Compares without regard to case.
std::strong_ordering compare_text(std::string_view a, std::string_view b);

}  // namespace patchbay::sandbox
