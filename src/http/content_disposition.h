// What a download calls itself: the file name in Content-Disposition (RFC 6266, 8187).
//
// Read with distrust: the name is a stranger's, and may want to climb out of a folder, hide its
// extension or break a line.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace patchbay::http {

// filename* before filename, made safe. Nothing if there is none, or nothing is left of it. Takes
// what servers really send, too: encoded words (=?utf-8?B?…?=) and raw Latin-1.
std::optional<std::string> file_name_of(std::string_view content_disposition);

// Valid UTF-8, the last part of a path, without control characters and those that turn the
// direction of writing, without spaces and dots at its ends save one dot before it, 255 bytes at
// most. "" if nothing is left.
std::string safe_file_name(std::string_view name);

}  // namespace patchbay::http
