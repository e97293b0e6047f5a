#include "admin/lists.h"

#include <string>

#include "base/encoding.h"
#include "base/text.h"

namespace patchbay::admin {
namespace {

constexpr std::int64_t kDefaultLimit = 100;
constexpr std::int64_t kMostLimit = 1000;

}  // namespace

std::string cursor_of(const control::Page::Position& position) {
  return to_base64url(std::to_string(position.created_at.time_since_epoch().count()) + "." +
                      position.id);
}

Result<control::Page> read_page(const ApiRequest& request) {
  control::Page page;
  const std::string_view limit = request.query_or("limit", "");
  const auto number = limit.empty() ? kDefaultLimit : parse_int64(limit);
  if (!number || *number < 1 || *number > kMostLimit) {
    return fail(ErrorCode::invalid_argument, "'limit' must be a whole number from 1 to 1000.");
  }
  page.limit = static_cast<std::size_t>(*number) + 1;
  const std::string_view cursor = request.query_or("next_cursor", "");
  if (cursor.empty()) return page;
  const auto text = from_base64url(cursor);
  // The id may have dots of its own.
  const std::size_t dot = text ? text->find('.') : std::string::npos;
  const auto millis =
      dot != std::string::npos ? parse_int64(std::string_view(*text).substr(0, dot)) : std::nullopt;
  if (!millis || dot + 1 == text->size()) {
    return fail(ErrorCode::invalid_argument, "'next_cursor' is not one that was given out.",
                "Pass it exactly as it was received, or leave it out to begin again.");
  }
  page.after = {WallTime(std::chrono::milliseconds(*millis)), text->substr(dot + 1)};
  return page;
}

}  // namespace patchbay::admin
