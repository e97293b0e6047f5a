#include "gateway/sending/verdict.h"

#include "base/text.h"
#include "json/mend.h"

namespace patchbay::gateway {

bool begins_as_json(std::string_view body) {
  const auto text = trim(json::without_byte_order_mark(body.substr(0, 256)));
  if (text.empty()) return trim(json::without_byte_order_mark(body)).empty();
  const char first = text.front();
  if (first == '{' || first == '[' || first == '"' || first == '-') return true;
  if (first >= '0' && first <= '9') return true;
  return text.starts_with("true") || text.starts_with("false") || text.starts_with("null");
}

bool is_page(std::string_view body) {
  const auto head = to_lower(trim(json::without_byte_order_mark(body.substr(0, 256))));
  return head.starts_with("<!doctype html") || head.starts_with("<html");
}

}  // namespace patchbay::gateway
