// The calls that run on behalf of minted servers, so that they end with what allowed them: a server
// that is deleted, rotated, expired or narrowed, the API token of its second factor, its account,
// its environment.
//
// Two looks together make that certain. Right before each request to an upstream the call is asked
// again (CallContext::still_allowed), wherever it waited; and whenever the control plane has
// changed something, and ten times a second, all calls are looked through, so that none waits on
// for what it may not do.
#pragma once

#include <functional>
#include <list>
#include <memory>
#include <vector>

#include "io/runtime.h"

namespace patchbay::servers {

class RunningCalls {
 public:
  class Entry;

  // `runtime` outlives it.
  explicit RunningCalls(io::Runtime& runtime);

  // Soon, on every loop. From any thread; cheap when called often.
  void look_again();

 private:
  struct PerLoop;

  io::Runtime& runtime_;
  std::vector<std::shared_ptr<PerLoop>> loops_;
};

// One call, as long as it lives; on its loop.
class RunningCalls::Entry {
 public:
  // `still_allowed` is asked on that loop. `on_revoked` is called once, when it says no; it must
  // not end an entry.
  Entry(RunningCalls& calls, std::function<bool()> still_allowed, std::function<void()> on_revoked);
  ~Entry();
  Entry(const Entry&) = delete;
  Entry& operator=(const Entry&) = delete;

 private:
  friend class RunningCalls;
  PerLoop& home_;
  std::list<Entry*>::iterator place_;
  std::function<bool()> still_allowed_;
  std::function<void()> on_revoked_;
};

}  // namespace patchbay::servers
