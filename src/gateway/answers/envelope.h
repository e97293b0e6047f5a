// What stands beside the records of an answer, written in one place and in one order.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/call/arguments.h"
#include "gateway/call/names.h"

namespace patchbay::gateway {

struct Envelope {
  std::string next_cursor;  // "": there is no next page
  std::optional<std::int64_t> result_count;
  std::string resolved;  // a JSON object: see resolved_names; "": no name was given
  std::string touches;   // a JSON array of the records that a write touches; "": none
  std::string notice;    // ""; nothing to tell

  // "\"next_cursor\":…,\"result_count\":…": its members, without a comma at either end.
  std::string members() const;
};

// Puts members at the end of a JSON object that ends with its brace.
void append_members(std::string& object, std::string_view members);

// What each name among the arguments became, as a JSON object; "" if no name was given.
std::string resolved_names(const Arguments& arguments, const Names& names);

}  // namespace patchbay::gateway
