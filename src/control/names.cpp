#include "control/names.h"

#include <algorithm>

#include "base/text.h"

namespace patchbay::control {
namespace {

constexpr std::size_t kLongestName = 200;  // characters, not bytes

std::size_t count_characters(std::string_view utf8) {
  return static_cast<std::size_t>(std::ranges::count_if(
      utf8, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

bool has_control_characters(std::string_view text) {
  return std::ranges::any_of(text, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7F;
  });
}

}  // namespace

Result<std::string> check_label(std::string_view text, std::string_view member) {
  const std::string_view trimmed = trim(text);
  if (count_characters(trimmed) > kLongestName || has_control_characters(trimmed)) {
    return fail(ErrorCode::invalid_argument,
                "'" + std::string(member) +
                    "' must have at most 200 characters, and no control characters.");
  }
  return std::string(trimmed);
}

Result<std::string> check_name(std::string_view text, std::string_view member) {
  auto checked = check_label(text, member);
  if (checked && checked->empty()) {
    return fail(ErrorCode::invalid_argument, "'" + std::string(member) + "' must not be empty.",
                "Give it 1 to 200 characters.");
  }
  return checked;
}

}  // namespace patchbay::control
