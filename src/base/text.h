// Small questions about text that every room asks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace patchbay {

// ASCII only; other bytes are left as they are.
std::string to_lower(std::string_view text);
bool equal_ignoring_case(std::string_view a, std::string_view b);
bool contains_ignoring_case(std::string_view text, std::string_view part);
std::string_view trim(std::string_view text);  // spaces, tabs, CR, LF
std::vector<std::string_view> split(std::string_view text, char separator);

bool is_valid_utf8(std::string_view text);
std::size_t count_characters(std::string_view utf8);  // code points
// Cuts at a character's border so that at most `max_bytes` remain.
std::string_view cut_utf8(std::string_view text, std::size_t max_bytes);

// "a, b and c"
std::string join(std::span<const std::string> parts, std::string_view separator = ", ");

// Whole text or nothing: no sign for unsigned, no white space, no overflow.
std::optional<std::int64_t> parse_int64(std::string_view text);

}  // namespace patchbay
