// A page of a list: asked for, shaped, and written within a size.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "gateway/call/bound.h"
#include "gateway/call/call.h"
#include "gateway/call/tool_error.h"
#include "io/task.h"

namespace patchbay::gateway {

// A page that has been read.
struct ReadPage {
  std::size_t bytes = 0;  // of its records, as they are
  // Writes it within `room` bytes, as often as is asked. Call and Prepared must live until then.
  std::function<std::string(std::size_t room)> write;
};

// Errors: invalid_argument (limit, orderBy, fields, next_cursor, or a filter that names nothing),
// upstream, or the upstream's refusal.
io::Task<Outcome<ReadPage>> read_page(Call& call, const Prepared& prepared);
// The same, written within the call's size cap.
io::Task<Outcome<std::string>> read_list(Call& call, const Prepared& prepared);

}  // namespace patchbay::gateway
