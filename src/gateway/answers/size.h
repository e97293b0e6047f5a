// The size cap: results that fit a model, cut where that does least harm. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace patchbay::gateway {

struct Fitted {
  std::string text;
  bool cut = false;
};

// One JSON value (a record) in at most `room` bytes. Its longest texts are cut first, each ending
// with a mark that says how much is missing; then its longest lists. Numbers, short texts and names
// stay. What is left of something that cannot be cut that far is an object that says so. Costs a
// parse of the text, and then no more than a few times the room: for what is large, see off_loop.h.
Fitted fit_record(std::string text, std::size_t room);

}  // namespace patchbay::gateway
