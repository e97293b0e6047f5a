// What stands beside the records of an answer, written in one place and in one order: before them,
// and each record on a line of its own. Programs show a model the head of what is long, some of
// them the tail as well, and whole lines of it (docs/connect-clients.md).
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

  // "\"result_count\":…,\"next_cursor\":…": its members, without a comma at either end.
  std::string members() const;
};

// Puts members at the end of a JSON object that ends with its brace.
void append_members(std::string& object, std::string_view members);
// And at the beginning of one that begins with it.
void prepend_members(std::string& object, std::string_view members);

// A list as text, of parts that come one after the other:
//   {"result_count":2,"notice":"…","result":[
//   {…},
//   {…}
//   ]}
inline constexpr std::string_view kBetweenRecords = ",\n";
// What stands before the first of `count` records: `members`, and the list's begin.
std::string list_head(std::string_view members, std::int64_t count);
// What stands behind the last of `count`.
std::string_view list_end(std::int64_t count);

// What each name among the arguments became, as a JSON object; "" if no name was given.
std::string resolved_names(const Arguments& arguments, const Names& names);

}  // namespace patchbay::gateway
