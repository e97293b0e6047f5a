// Event loops: one io_context and one thread per core, and a small pool for work that blocks.
// A loop's objects belong to its thread; work for another loop is posted to it.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

#include "base/mutex.h"
#include "io/deadline.h"
#include "io/task.h"

namespace patchbay::io {

class Loop {
 public:
  Executor executor() { return context_.get_executor(); }
  boost::asio::io_context& context() { return context_; }
  // 0 to Runtime::size() - 1. For per-loop state kept in a vector.
  std::size_t index() const { return index_; }
  DeadlineList& deadlines() { return deadlines_; }

  // The loop whose thread is running this; asserts when called from any other thread.
  static Loop& current();
  // The same, or null.
  static Loop* if_current();

 private:
  friend class Runtime;
  friend void post(Loop& loop, std::move_only_function<void()> work);
  // Ends what waits on it, and stays for those who hold something of it.
  class Context : public boost::asio::io_context {
   public:
    using io_context::io_context;
    void end_waiting() { shutdown(); }
  };
  explicit Loop(std::size_t index) : index_(index), deadlines_(*this), context_(1) {}
  std::size_t index_;
  DeadlineList deadlines_;  // outlives the coroutines that die with the context
  Context context_;
  Mutex gate_;
  bool ended_ PATCHBAY_GUARDED_BY(gate_) = false;  // what is posted is dropped
};

struct RuntimeOptions {
  std::size_t loops = 0;             // event loops; 0: one per core
  std::size_t blocking_threads = 4;  // threads for run_blocking
};

class Runtime {
 public:
  explicit Runtime(RuntimeOptions options = {});
  ~Runtime();  // stops and joins
  Runtime(const Runtime&) = delete;
  Runtime& operator=(const Runtime&) = delete;

  // Starts the threads. Returns at once.
  void start();
  // Lets the loops run out of work for up to `grace`, then ends them, destroys the coroutines that
  // still wait (what they refer to must be there until then, and no longer), and waits for running
  // jobs of the blocking pool. Idempotent. Not to be called from a loop.
  void stop(std::chrono::milliseconds grace = std::chrono::milliseconds(0));

  // Between start() and stop().
  bool running() const;

  std::size_t size() const { return loops_.size(); }
  Loop& loop(std::size_t index) { return *loops_[index]; }

  // Starts a coroutine on a loop; what it throws ends the process, save want of memory.
  void spawn(Loop& loop, std::function<Task<>()> work);
  // Runs `work` on its loop from any thread and waits for it; throws what it throws. False: the
  // runtime was stopped before it was done, and it is destroyed. Not to be called from a loop.
  bool run(Loop& loop, std::function<Task<>()> work);

  // Runs `work` on the blocking pool and resumes on the calling loop. Cannot be cancelled: `work`
  // must have its own bound.
  template <class F>
  auto run_blocking(F work) -> Task<decltype(work())>;

 private:
  void post_blocking(std::move_only_function<void()> work);
  void end_waiting();
  struct Pool;
  struct Threads;
  std::unique_ptr<Pool> pool_;
  std::vector<std::unique_ptr<Loop>> loops_;
  std::unique_ptr<Threads> threads_;
};

// Starts a coroutine on the current loop, beside the one that is running; an exception that leaves
// it ends the process with a message, save want of memory.
void spawn_here(std::function<Task<>()> work);

// Runs `work` on that loop's thread, soon. From any thread. Dropped where the runtime was stopped.
void post(Loop& loop, std::move_only_function<void()> work);

// Resumes after `duration`, on the current loop.
Task<> sleep(std::chrono::milliseconds duration);

}  // namespace patchbay::io

#include "io/run_blocking.h"  // the template's body
