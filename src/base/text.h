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

// The up to `at_most` names nearest to `wanted`, nearest first, by edit distance without regard to
// case, with a bonus for a shared start or substring. Far-off names are left out unless
// `include_far`, which fills the list up.
std::vector<std::string> nearest(std::string_view wanted, std::span<const std::string> names,
                                 std::size_t at_most, bool include_far = false);

// "a, b and c"
std::string join(std::span<const std::string> parts, std::string_view separator = ", ");

std::string to_hex(std::string_view bytes);
std::string to_base64(std::string_view bytes);
// Standard alphabet, padding required, no white space, canonical (RFC 4648 sections 3.5 and 4).
std::optional<std::string> from_base64(std::string_view text);
std::string to_base64url(std::string_view bytes);  // without padding
std::optional<std::string> from_base64url(std::string_view text);

// Whole text or nothing: no sign for unsigned, no white space, no overflow.
std::optional<std::int64_t> parse_int64(std::string_view text);

}  // namespace patchbay
