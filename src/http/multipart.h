// Bodies of several parts (multipart/form-data, RFC 7578), as uploads of files want them.
//
// Names stand in quotes in each part's head, and are a stranger's: what would end the quotes or the
// line is percent-encoded, as browsers do it (RFC 7578 section 4.2 forbids filename*=). UTF-8
// stands as it is. The boundary is random, and made again should a part hold it.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace patchbay::http {

struct FormPart {
  std::string name;
  std::string_view content;  // its owner outlives the call
  bool is_file = false;
  std::string file_name;   // of a file
  std::string media_type;  // of a file; what is no `type/subtype` becomes application/octet-stream
};

struct MultipartBody {
  std::string content_type;  // with the boundary
  std::string body;
};

MultipartBody write_multipart(std::span<const FormPart> parts);

// "type/subtype" of token characters, without parameters.
bool is_media_type(std::string_view text);

}  // namespace patchbay::http
