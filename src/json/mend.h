// Text that is JSON but for what stands in its strings: a byte that is not UTF-8, half of a
// surrogate pair, a control character as it is; and a byte order mark before it. One such character
// in one record is no reason to lose a page of them.
//
// A pass of its own, over text that was refused already: what is right never pays for it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace patchbay::json {

// Drops a byte order mark at the beginning. Whether there was one.
bool skip_byte_order_mark(std::string& text);
// The same of a view.
std::string_view without_byte_order_mark(std::string_view text);

// Puts U+FFFD for each byte that is not UTF-8 and each lone surrogate, and escapes control
// characters inside strings. Returns how many places that were; with none, `text` is as it was.
// Afterwards there is room behind it (kPadding of shape.h).
std::size_t mend(std::string& text);

}  // namespace patchbay::json
