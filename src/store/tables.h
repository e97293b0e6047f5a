// What opening a database may do to its tables. Whoever only looks at a database must not alter it,
// and a slip in its name must not make another one.
#pragma once

#include <cstdint>

namespace patchbay::store {

enum class Tables : std::uint8_t {
  make,     // where there are none, and migrate older ones
  receive,  // the same, for who copies into the database (copy.h): a copy may be under way, which
            // all others refuse (error conflict)
  migrate,  // older ones; where there are none: error not_found
  leave,    // as they are; where they are older: error conflict
};

constexpr bool makes(Tables tables) {
  return tables == Tables::make || tables == Tables::receive;
}

}  // namespace patchbay::store
