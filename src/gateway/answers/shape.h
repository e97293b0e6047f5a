// Shaping: an answer's bytes to what a model needs, on the loop or off it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "gateway/call/arguments.h"
#include "gateway/call/call.h"
#include "io/task.h"
#include "json/shape.h"

namespace patchbay::gateway {

struct ShapedList {
  std::string text;  // "[…]"
  std::vector<json::ShapedRecord> records;
};

// Large bodies leave the loop for it, so that other calls go on meanwhile. `body` must live until
// then, with kPadding bytes of room behind it. Errors: upstream (not the JSON that is meant).
io::Task<Result<ShapedList>> shape_list_of(Call& call, const Arguments& arguments,
                                           std::string_view body);
io::Task<Result<std::string>> shape_record_of(Call& call, const Arguments& arguments,
                                              std::string_view body);

}  // namespace patchbay::gateway
