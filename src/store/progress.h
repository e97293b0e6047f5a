// How far something is that goes through all rows of a database.
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>

namespace patchbay::store {

struct Done {
  std::string_view what;  // "copied"
  std::size_t rows = 0;
  std::size_t total = 0;  // as counted at the beginning; others may add to it meanwhile
};

// Called now and then, and at the end.
using Progress = std::function<void(const Done& done)>;

}  // namespace patchbay::store
