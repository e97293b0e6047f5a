// What of an answer is within what a call is held to. Pure, save for telling.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/call/call.h"
#include "reach/reach.h"

namespace patchbay::gateway {

struct Kept {
  std::int64_t dropped = 0;  // records that are not within
  bool nothing = false;      // the answer was such a record
  bool unreadable = false;
};

// Leaves in `body` what is within, without the fields that were `added` to tell it.
Kept keep_within(const reach::Reach& reach, const reach::Way& way, std::string_view parent_id,
                 const std::vector<std::string>& added, std::string& body);
// The same of what a write answers; what shows no owner was looked at before.
Kept keep_written(const reach::Reach& reach, const reach::Way& way, std::string_view parent_id,
                  std::string& body);

// Tells the caller, and whoever watches the server: an API that was given the condition should send
// no such record.
void tell_dropped(Call& call, std::int64_t count);

}  // namespace patchbay::gateway
