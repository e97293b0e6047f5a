// What an upstream answered, read: also where a record of it holds what JSON does not allow. A
// reader that refuses an answer has it mended and reads again, so that only such answers are gone
// over twice.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/error.h"
#include "gateway/call/call.h"
#include "gateway/call/tool_error.h"
#include "integration/model.h"
#include "io/task.h"
#include "json/value.h"
#include "upstream/account.h"

namespace patchbay::gateway {

// Makes a body readable that was refused for the text in its strings, off the loop where it is
// large, and tells so. Whether it did: then what was taken from the body before is no longer there.
io::Task<bool> mend(Call& call, upstream::Answer& answer);

// The body as a tree. Of two members of one name the last counts, as for most who read JSON. Of an
// object with thousands of members the first are there, and those of a name that the resource
// knows; of a record not those that have tens of thousands of values: so finding one and copying it
// costs little, whatever an API answers.
io::Task<Result<json::Value>> parse_answer(Call& call, upstream::Answer& answer);
// The same of a part of an answer, which stays as it is. Tells nobody.
Result<json::Value> parse_part(std::string_view part);

// The list within the answer, byte for byte: a part of its body, with room behind it. Error:
// upstream.
Outcome<std::string_view> raw_records(const integration::Method& list,
                                      const upstream::Answer& answer);
// The same as a tree. What is no object is no record: `records` has it no more, `came` counts it.
// Error: upstream.
struct Records {
  json::Array records;
  std::int64_t came = 0;
  std::size_t bytes = 0;  // of their text: whether to go over them off the loop
};
io::Task<Outcome<Records>> read_records(Call& call, const integration::Method& list,
                                        upstream::Answer& answer);

// Tells of elements of a list that are no records.
void tell_left_out(Call& call, std::int64_t count);

}  // namespace patchbay::gateway
