#include "io/runtime.h"

#include <atomic>
#include <cassert>
#include <csignal>
#include <cstdio>
#include <cstdlib>  // tells which C library this is
#include <deque>
#include <future>
#include <new>
#include <optional>
#include <thread>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/mutex.h"

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

struct Runtime::Pool {
  Mutex mutex;
  Condition wake;
  std::deque<std::move_only_function<void()>> jobs PATCHBAY_GUARDED_BY(mutex);
  bool stopping PATCHBAY_GUARDED_BY(mutex) = false;

  std::vector<std::jthread> threads;

  void work() {
    for (;;) {
      std::move_only_function<void()> job;
      {
        const MutexLock lock(mutex);
        while (!stopping && jobs.empty()) wake.wait(mutex);
        if (stopping) return;
        job = std::move(jobs.front());
        jobs.pop_front();
      }
      job();
    }
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
  // Now without threads: the coroutines that still wait are destroyed with their contexts.
  for (auto& loop : loops_) loop->deadlines_.shut_down();
  {
    const MutexLock lock(pool_->mutex);
    pool_->jobs.clear();
  }
  loops_.clear();
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
  {
    const MutexLock lock(pool_->mutex);
    pool_->stopping = true;
  }
  pool_->wake.notify_all();
  pool_->threads.clear();  // joins
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
  boost::asio::post(loop.executor(), std::move(work));
}

void Runtime::run(Loop& loop, std::function<Task<>()> work) {
  assert(!current_loop && "a loop cannot wait for itself");
  auto done = std::make_shared<std::promise<void>>();
  auto ended = done->get_future();
  boost::asio::co_spawn(loop.executor(), keep_and_run(std::move(work)),
                        [done = std::move(done)](std::exception_ptr failure) {
                          if (failure) {
                            done->set_exception(failure);
                          } else {
                            done->set_value();
                          }
                        });
  ended.get();
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
