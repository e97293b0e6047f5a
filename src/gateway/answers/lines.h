// Lines no longer than programs show. Pure.
#pragma once

#include <cstddef>
#include <string>

namespace patchbay::gateway {

// Of a single line above 50 KB one program (opencode) shows nothing at all. Lists have a line for
// each record; only a record that is that large alone, which takes a server set to more than usual,
// has a longer one.
inline constexpr std::size_t kLongestLine = 40'000;

// How much of `cap` stays for a text if its lines may have to be broken.
std::size_t without_line_breaks(std::size_t cap);

// Ends lines of a JSON text that are too long between two tokens, by one byte in many thousand. A
// single string stays in one piece, whatever its length.
void break_long_lines(std::string& text);

}  // namespace patchbay::gateway
