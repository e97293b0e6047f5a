#include "gateway/sending/verdict.h"

#include "base/text.h"
#include "json/mend.h"

namespace patchbay::gateway {

namespace {

constexpr std::size_t kMaxTitleBytes = 200;

}  // namespace

bool begins_as_json(std::string_view body) {
  const auto text = trim(json::without_byte_order_mark(body.substr(0, 256)));
  if (text.empty()) return trim(json::without_byte_order_mark(body)).empty();
  const char first = text.front();
  if (first == '{' || first == '[' || first == '"' || first == '-') return true;
  if (first >= '0' && first <= '9') return true;
  return text.starts_with("true") || text.starts_with("false") || text.starts_with("null");
}

std::string title_of(std::string_view page) {
  const auto text = json::without_byte_order_mark(page.substr(0, 64 * 1024));
  const auto lower = to_lower(text);
  const auto begin = lower.find("<title");
  if (begin == std::string::npos) {
    const bool is_markup = text.contains('<');
    return is_markup || text.size() > kMaxTitleBytes ? std::string() : std::string(trim(text));
  }
  const auto from = lower.find('>', begin);
  if (from == std::string::npos) return {};
  const auto to = lower.find('<', from);
  if (to == std::string::npos) return {};
  return std::string(cut_utf8(trim(text.substr(from + 1, to - from - 1)), kMaxTitleBytes));
}

}  // namespace patchbay::gateway
