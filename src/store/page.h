// A part of a list.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "base/clock.h"

namespace patchbay::store {

// Newest first: those that come after `after`. Rows that come and go meanwhile move no others from
// one page to the next.
struct Page {
  struct Position {
    WallTime created_at;
    std::string id;
  };
  std::size_t limit = 100;
  std::optional<Position> after;
};

}  // namespace patchbay::store
