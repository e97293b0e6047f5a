// Text to tree, for input that nobody has checked.
#pragma once

#include <cstddef>
#include <string_view>

#include "base/error.h"
#include "json/value.h"

namespace patchbay::json {

struct ParseLimits {
  std::size_t max_depth = 64;         // nested arrays and objects
  bool allow_duplicate_keys = false;  // if allowed, the last one wins
};

// Exactly one JSON value by RFC 8259: valid UTF-8, valid numbers, no lone surrogates, nothing after
// it but white space. Errors are invalid_argument (message says where, in bytes) or too_large
// (depth).
Result<Value> parse(std::string_view text, const ParseLimits& limits = {});

}  // namespace patchbay::json
