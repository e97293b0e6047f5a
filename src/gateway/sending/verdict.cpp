#include "gateway/sending/verdict.h"

#include <algorithm>

#include "base/text.h"
#include "json/parse.h"
#include "json/path.h"

namespace patchbay::gateway {

namespace {

constexpr std::size_t kMaxTitleBytes = 200;
// An error is a few sentences; so a record of a few KB is not parsed for it.
constexpr std::size_t kMaxErrorBytes = 4096;

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

bool is_error_object(const integration::Integration& integration, std::string_view body) {
  const auto text = without_mark(body);
  if (text.size() > kMaxErrorBytes || !trim(text).starts_with('{')) return false;
  const auto& shape = integration.errors;
  // Told by a search for most records, before they are parsed.
  const auto last_name = std::string_view(shape.message).substr(shape.message.rfind('/') + 1);
  if (!text.contains(last_name)) return false;
  const auto parsed = json::parse(text);
  if (!parsed) return false;
  const auto holds_text = [&](const std::string& pointer) {
    const auto* found = json::find_at(*parsed, pointer);
    return found != nullptr && found->is_string() && !trim(*found->if_string()).empty();
  };
  return parsed->find(integration.pagination.id_field) == nullptr && holds_text(shape.code) &&
         holds_text(shape.message);
}

std::string title_of(std::string_view page) {
  const auto text = without_mark(page.substr(0, 64 * 1024));
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
