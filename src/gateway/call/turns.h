// The calls of one list among themselves. They run side by side, and a guard that looks for a
// record like the one to be made would miss that of the call beside it: so a call that looks first
// says by what it knows its like, and waits for those before it that said the same. Who comes first
// in the list is first there as well, whichever was faster.
//
// A call waits for calls before it only, so that none waits for ever. Of one loop.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "io/event.h"
#include "io/task.h"

namespace patchbay::gateway {

class Turns {
 public:
  explicit Turns(std::size_t calls) : calls_(calls) {}
  Turns(const Turns&) = delete;
  Turns& operator=(const Turns&) = delete;

  // Returns when every call before `place` has said what its like is known by, or is over, and
  // those that share one of `keys` are over.
  io::Task<> take(std::size_t place, std::vector<std::string> keys);
  // The call is over, whether it took its turn or not.
  void end(std::size_t place);

 private:
  struct Place {
    std::vector<std::string> keys;
    bool said = false;
    bool over = false;
  };
  bool is_free(std::size_t place) const;
  void tell();

  std::vector<Place> calls_;
  std::vector<std::shared_ptr<io::Event>> waiting_;
};

}  // namespace patchbay::gateway
