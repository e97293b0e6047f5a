// How the vendor's database compares text: without regard to case.
#pragma once

#include <compare>
#include <string>
#include <string_view>

namespace patchbay::sandbox {

// Lower case for ASCII and for the Latin-1 letters in UTF-8 (É, Ö, …); other bytes stay.
std::string fold(std::string_view text);

// Compares without regard to case.
std::strong_ordering compare_text(std::string_view a, std::string_view b);

}  // namespace patchbay::sandbox
