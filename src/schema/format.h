// The formats that are checked: date, date-time, email, uri, uuid. Others are hints and pass.
#pragma once

#include <cstdint>
#include <string_view>

namespace patchbay::schema {

enum class Format : std::uint8_t { none, date, date_time, email, uri, uuid };

// `none` for a format that is not checked.
Format find_format(std::string_view name);
bool has_format(std::string_view text, Format format);
// "a date such as 2026-11-22"
std::string_view describe(Format format);

}  // namespace patchbay::schema
