#include "gateway/sending/verdict.h"

#include "base/text.h"

namespace patchbay::gateway {

namespace {

std::string_view without_mark(std::string_view body) {
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  if (body.starts_with(kByteOrderMark)) body.remove_prefix(kByteOrderMark.size());
  return body;
}

}  // namespace

bool begins_as_json(std::string_view body) {
  const auto text = trim(without_mark(body.substr(0, 256)));
  if (text.empty()) return trim(without_mark(body)).empty();
  const char first = text.front();
  if (first == '{' || first == '[' || first == '"' || first == '-') return true;
  if (first >= '0' && first <= '9') return true;
  return text.starts_with("true") || text.starts_with("false") || text.starts_with("null");
}

}  // namespace patchbay::gateway
