// A coroutine waits, something else on the same loop wakes it: what connects callbacks (deadlines,
// cancellation, results from other threads) with coroutines.
#pragma once

#include <memory>

#include "io/task.h"

namespace patchbay::io {

class Wakeup {
 public:
  Wakeup();
  ~Wakeup();
  Wakeup(const Wakeup&) = delete;
  Wakeup& operator=(const Wakeup&) = delete;

  // Resumes at once if wake() was called before. One waiter at a time; may be reused after reset().
  Task<> wait();
  void wake();
  bool woken() const;
  void reset();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace patchbay::io
