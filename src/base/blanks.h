// Blanks beyond those of ASCII: what people paste and models write in place of nothing.
#pragma once

#include <cstddef>
#include <string_view>

namespace patchbay {

// Without what shows nothing at either end: white space as Unicode has it (no-break, ideographic,
// …), control characters, and characters of no width (zero-width space, byte order mark, marks of
// direction). For what people say; protocols have blanks of their own (trim in base/text.h).
std::string_view trim_blanks(std::string_view text);

// How many bytes of a blank the text begins with; 0: it begins with something to see.
std::size_t blank_at_start(std::string_view text);

}  // namespace patchbay
