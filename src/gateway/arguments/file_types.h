// What kind of file some bytes are. A name and a declared type are claims; the first bytes of the
// formats that are shown as pictures or opened by programs are facts, and win.
#pragma once

#include <string>
#include <string_view>

namespace patchbay::gateway {

// By its first bytes: the image types that clients show, PDF, and ZIP, which many others are made
// of. "" if they say nothing.
std::string_view type_by_signature(std::string_view bytes);
// By its extension; "" for one that is not known.
std::string_view type_by_name(std::string_view file_name);

// PNG, JPEG, GIF, WebP.
bool is_shown_as_image(std::string_view type);
bool is_text_type(std::string_view type);
// Valid UTF-8 without control characters but tabs, line and page ends.
bool reads_as_text(std::string_view bytes);

// The type to believe. `declared` may be empty, or carry parameters. Never one whose signature the
// bytes do not have, nor a text type that they cannot be.
std::string believed_type(std::string_view bytes, std::string_view file_name,
                          std::string_view declared);

// Whether bytes may be called that: false if they are known to be something else.
bool may_be(std::string_view type, std::string_view bytes);

}  // namespace patchbay::gateway
