// How many threads may wait for what, and for how long at most.
#pragma once

#include <cstddef>

namespace patchbay::app {

// What blocks a thread, each with threads of its own, so that upstreams that hang and names that
// nobody answers for leave those of the database alone.
inline constexpr std::size_t kMostProbes = 16;
inline constexpr std::size_t kMostLookUps = 16;

// All that may be needed at once, with some for work. A thread that waits costs some kilobytes.
std::size_t most_threads();

// A call that was approved makes some requests, one after the other, and waits for turns and
// limits: after so many times what one may take it has come to its end, whatever became of it.
inline constexpr int kLongestSends = 10;

}  // namespace patchbay::app
