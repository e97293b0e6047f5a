// Shaping: an answer's bytes to what a model needs, on the loop or off it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "gateway/call/arguments.h"
#include "gateway/call/call.h"
#include "integration/model.h"
#include "io/task.h"
#include "json/shape.h"
#include "upstream/account.h"

namespace patchbay::gateway {

struct ShapedList {
  std::string text;  // "[…]"
  std::vector<json::ShapedRecord> records;
  std::string_view source;  // what was shaped: the answer's body, or the list in it
  std::int64_t came = 0;    // the elements that the source has, of whatever kind
};

// Large bodies leave the loop for it, so that other calls go on meanwhile. What is no valid text in
// an answer is mended, and told. Errors: upstream (not the JSON that is meant).

// The list in the answer to `list`; of null, the answer itself. Among objects, what is none is left
// out and told.
io::Task<Result<ShapedList>> shape_list_of(Call& call, const Arguments& arguments,
                                           upstream::Answer& answer,
                                           const integration::Method* list = nullptr);
io::Task<Result<std::string>> shape_record_of(Call& call, const Arguments& arguments,
                                              upstream::Answer& answer);

}  // namespace patchbay::gateway
