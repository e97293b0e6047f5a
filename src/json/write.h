// Tree to text.
#pragma once

#include <string>
#include <string_view>

#include "json/value.h"

namespace patchbay::json {

// Compact, members in their order, numbers by their tokens, strings with the fewest escapes.
void append(std::string& out, const Value& value);
std::string to_string(const Value& value);
// Two spaces a level, "\n" line ends (or any other `newline`).
std::string to_pretty_string(const Value& value, std::string_view newline = "\n");

// With its quotes. Bytes that are not UTF-8 become U+FFFD, so that the output is always JSON.
void append_string(std::string& out, std::string_view text);
// The escaped text without quotes: for JSON inside a JSON string, piece by piece.
void append_escaped(std::string& out, std::string_view text);

}  // namespace patchbay::json
