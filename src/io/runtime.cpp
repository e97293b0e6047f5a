#include "io/runtime.h"

#include <atomic>
#include <cassert>
#include <csignal>
#include <cstdio>
#include <cstdlib>  // tells which C library this is
#include <deque>
#include <new>
#include <optional>
#include <thread>
#include <utility>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/mutex.h"
#include "io/patient.h"

namespace patchbay::io {

namespace {

thread_local Loop* current_loop = nullptr;

// The coroutine owns the function that made the inner one, so that what it captured lives on.
Task<> keep_and_run(std::function<Task<>()> work) {
  co_await work();
}

void die_of(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const std::bad_alloc&) {
    // What it worked for is lost; the others go on.
    std::fputs("patchbay: a task ended for want of memory\n", stderr);
    return;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "patchbay: a task ended with an exception: %s\n", error.what());
  } catch (...) {
    std::fprintf(stderr, "patchbay: a task ended with an unknown exception\n");
  }
  std::abort();
}

}  // namespace

Loop& Loop::current() {
  assert(current_loop && "not on a loop's thread");
  return *current_loop;
}

Loop* Loop::if_current() {
  return current_loop;
}

thread_local bool is_one_of_them = false;  // a thread of the pool

struct Runtime::Pool {
  // What run() waits for; guarded by the mutex until it is done.
  struct Run {
    bool counted = false;  // in `running`
    bool done = false;
    std::exception_ptr failure;
  };

  Mutex mutex;
  Condition wake;
  std::deque<std::move_only_function<void()>> jobs PATCHBAY_GUARDED_BY(mutex);
  bool stopping PATCHBAY_GUARDED_BY(mutex) = false;

  Condition turned;                                    // one of what follows, or a run ended
  std::size_t busy PATCHBAY_GUARDED_BY(mutex) = 0;     // threads of the pool with a job
  std::size_t running PATCHBAY_GUARDED_BY(mutex) = 0;  // of those, the ones that wait in run()
  bool waiting_is_over PATCHBAY_GUARDED_BY(mutex) = false;

  std::vector<std::jthread> threads;

  void work() {
    is_one_of_them = true;
    for (;;) {
      std::move_only_function<void()> job;
      {
        const MutexLock lock(mutex);
        while (!stopping && jobs.empty()) wake.wait(mutex);
        if (stopping) return;
        job = std::move(jobs.front());
        jobs.pop_front();
        ++busy;
      }
      job();
      job = nullptr;
      const MutexLock lock(mutex);
      --busy;
      turned.notify_all();
    }
  }

  bool may_begin() {
    const MutexLock lock(mutex);
    return !waiting_is_over;
  }
  void end(Run& run, std::exception_ptr failure) {
    const MutexLock lock(mutex);
    run.done = true;
    run.failure = std::move(failure);
    if (std::exchange(run.counted, false)) --running;
    turned.notify_all();
  }
  // Counted from here on, and not before its work was posted: what waits touches no loop.
  bool wait_for(Run& run) {
    const MutexLock lock(mutex);
    if (is_one_of_them && !run.done) {
      run.counted = true;
      ++running;
      turned.notify_all();
    }
    while (!run.done && !waiting_is_over) turned.wait(mutex);
    return run.done;
  }
  // Until each thread has ended its job, or waits for a loop that has ended.
  void stop() {
    const MutexLock lock(mutex);
    stopping = true;
    wake.notify_all();
    while (busy > running) turned.wait(mutex);
  }
  void drop_jobs() {
    std::deque<std::move_only_function<void()>> dropped;
    const MutexLock lock(mutex);
    dropped.swap(jobs);
  }
  // What is waited for is destroyed, and nobody looks at it any more.
  void let_go() {
    const MutexLock lock(mutex);
    waiting_is_over = true;
    turned.notify_all();
  }
};

struct Runtime::Threads {
  using Guard = boost::asio::executor_work_guard<Executor>;
  std::vector<std::optional<Guard>> guards;
  std::vector<std::jthread> threads;
  Mutex mutex;
  Condition ended;
  std::size_t running PATCHBAY_GUARDED_BY(mutex) = 0;
  std::atomic<bool> started = false;
  std::atomic<bool> stopped = false;
};

namespace {

// The C library leaves small freed blocks apart, and joins all of them when somebody frees a large
// one: the million that the pool gave back of a large tree held a loop for 20 ms, much later, and
// for another call. Without that each block is joined to its neighbours by the thread that frees
// it. (What threads keep for themselves, 7 blocks of each size, they keep.)
void join_freed_memory_at_once() {
#if defined(__GLIBC__)
  mallopt(M_MXFAST, 0);
#endif
}

}  // namespace

Runtime::Runtime(RuntimeOptions options)
    : pool_(std::make_unique<Pool>()), threads_(std::make_unique<Threads>()) {
  // Writing to a connection whose peer has gone is an error value, not a signal.
  std::signal(SIGPIPE, SIG_IGN);
  join_freed_memory_at_once();
  std::size_t count = options.loops;
  if (count == 0) count = std::max(1u, std::thread::hardware_concurrency());
  for (std::size_t i = 0; i < count; ++i) {
    loops_.push_back(std::unique_ptr<Loop>(new Loop(i)));
    threads_->guards.emplace_back(boost::asio::make_work_guard(loops_.back()->executor()));
  }
  std::size_t blocking = std::max<std::size_t>(1, options.blocking_threads);
  for (std::size_t i = 0; i < blocking; ++i) {
    pool_->threads.emplace_back([pool = pool_.get()] { pool->work(); });
  }
}

Runtime::~Runtime() {
  stop();
}

void Runtime::start() {
  assert(threads_->threads.empty() && "started twice");
  {
    const MutexLock lock(threads_->mutex);
    threads_->running = loops_.size();
  }
  threads_->started = true;
  for (auto& loop : loops_) {
    threads_->threads.emplace_back([this, loop = loop.get()] {
      current_loop = loop;
      for (bool over = false; !over;) {
        // Asio's own wants of memory come out here; the loop is as good as before.
        try {
          loop->context_.run();
          over = true;
        } catch (const std::bad_alloc&) {
          std::fputs("patchbay: an event loop was short of memory\n", stderr);
        }
      }
      current_loop = nullptr;
      const MutexLock lock(threads_->mutex);
      --threads_->running;
      threads_->ended.notify_all();
    });
  }
}

void Runtime::stop(std::chrono::milliseconds grace) {
  assert(!current_loop && "a loop cannot wait for itself");
  threads_->stopped = true;
  for (auto& guard : threads_->guards) guard.reset();
  {
    const MutexLock lock(threads_->mutex);
    const auto until = std::chrono::steady_clock::now() + grace;
    while (threads_->running > 0 && threads_->ended.wait_until(threads_->mutex, until)) {
    }
  }
  for (auto& loop : loops_) loop->context_.stop();
  threads_->threads.clear();  // joins
  pool_->stop();
  end_waiting();
  pool_->let_go();
  pool_->threads.clear();  // joins
  // Those that waited for a job that waited for one of the others.
  end_waiting();
}

// No thread runs any of it now. What a coroutine holds may refer to rooms that go before the
// runtime does, so that it is destroyed here and not with its loop.
void Runtime::end_waiting() {
  for (auto& loop : loops_) {
    const MutexLock lock(loop->gate_);
    loop->ended_ = true;
  }
  for (auto& loop : loops_) loop->deadlines_.shut_down();
  pool_->drop_jobs();
  // Twice: what one of them destroys may have waited on another.
  for (int round = 0; round < 2; ++round) {
    for (auto& loop : loops_) loop->context_.end_waiting();
  }
}

bool Runtime::running() const {
  return threads_->started && !threads_->stopped;
}

void Runtime::spawn(Loop& loop, std::function<Task<>()> work) {
  boost::asio::co_spawn(loop.executor(), keep_and_run(std::move(work)),
                        [](std::exception_ptr failure) {
                          if (failure) die_of(failure);
                        });
}

void spawn_here(std::function<Task<>()> work) {
  boost::asio::co_spawn(Loop::current().executor(), keep_and_run(std::move(work)),
                        [](std::exception_ptr failure) {
                          if (failure) die_of(failure);
                        });
}

void post(Loop& loop, std::move_only_function<void()> work) {
  const MutexLock lock(loop.gate_);
  if (loop.ended_) return;
  boost::asio::post(loop.executor(), boost::asio::bind_allocator(Patient<void>(), std::move(work)));
}

bool Runtime::run(Loop& loop, std::function<Task<>()> work) {
  assert(!current_loop && "a loop cannot wait for itself");
  const auto run = std::make_shared<Pool::Run>();
  if (!pool_->may_begin()) return false;
  boost::asio::co_spawn(loop.executor(), keep_and_run(std::move(work)),
                        [pool = pool_.get(), run](std::exception_ptr failure) {
                          pool->end(*run, std::move(failure));
                        });
  if (!pool_->wait_for(*run)) return false;
  if (run->failure) std::rethrow_exception(run->failure);
  return true;
}

void Runtime::post_blocking(std::move_only_function<void()> work) {
  {
    const MutexLock lock(pool_->mutex);
    pool_->jobs.push_back(std::move(work));
  }
  pool_->wake.notify_one();
}

Task<> sleep(std::chrono::milliseconds duration) {
  Executor executor = co_await boost::asio::this_coro::executor;
  boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                    boost::asio::wait_traits<std::chrono::steady_clock>, Executor>
      timer(executor, duration);
  boost::asio::use_awaitable_t<Executor> token;
  co_await timer.async_wait(token);
}

}  // namespace patchbay::io
