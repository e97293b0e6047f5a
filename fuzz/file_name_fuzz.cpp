// File names of strangers: one that a download gives itself is safe, stays what it is when it is
// made safe again, and no name adds a line to the head of a part.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/text.h"
#include "gateway/arguments/file_types.h"
#include "http/content_disposition.h"
#include "http/multipart.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace patchbay;
  const std::string text(reinterpret_cast<const char*>(data), size);
  if (const auto name = http::file_name_of(text)) {
    require(!name->empty() && name->size() <= 255 && is_valid_utf8(*name));
    require(name->find_first_of("/\\\r\n") == std::string::npos);
    require(http::safe_file_name(*name) == *name);
  }
  const http::FormPart part{text, text, true, text, text};
  const auto made = http::write_multipart({&part, 1});
  const auto head = made.body.substr(0, made.body.find("\r\n\r\n"));
  require(std::ranges::count(head, '\n') == 2);
  // A picture is shown as one only if it is one.
  const auto type = gateway::believed_type(text, text, text);
  require(http::is_media_type(type));
  if (gateway::is_shown_as_image(type)) require(gateway::type_by_signature(text) == type);
  return 0;
}
