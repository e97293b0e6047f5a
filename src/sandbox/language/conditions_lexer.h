// Conditions text to tokens.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sandbox/records/api_error.h"

namespace patchbay::sandbox {

enum class ConditionTokenKind : std::uint8_t {
  name,    // a field, also with slashes, or a keyword: the parser tells
  string,  // value: without quotes, escapes resolved
  number,
  date_time,  // value: what stands between the brackets, trimmed
  compare,    // = != < <= > >=
  open,
  close,
  comma,
  end,
};

struct ConditionToken {
  ConditionTokenKind kind = ConditionTokenKind::end;
  std::string value;
  std::size_t position = 0;  // bytes from the start

  bool is_keyword(std::string_view word) const;  // without regard to case
};

// What the vendor's parser ends its type messages with.
extern const std::string_view kLiteralGuide;

// The last token is always `end`.
ApiResult<std::vector<ConditionToken>> tokenize(std::string_view conditions);

}  // namespace patchbay::sandbox
