// Something that happens once, and coroutines that wait for it. One loop's: callbacks (deadlines,
// cancellation, results of other coroutines) set it.
#pragma once

#include <memory>

#include "io/task.h"

namespace patchbay::io {

class Event {
 public:
  Event();
  ~Event();
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;

  bool is_set() const;
  // Resumes everyone that waits, each from the loop's queue.
  void set();
  // At once if it is set. Waiters end with their loop, whatever becomes of the event.
  Task<> wait();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace patchbay::io
