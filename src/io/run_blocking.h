// The body of Runtime::run_blocking. Included by io/runtime.h.
#pragma once

#include <exception>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include <boost/asio/async_result.hpp>
#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "io/patient.h"
#include "io/runtime.h"

namespace patchbay::io {

// A job and what came of it. Only one thread at a time touches it: the caller's until it is
// posted, the pool's while it runs, the caller's again afterwards.
template <class F>
struct BlockingJob {
  using Value = std::invoke_result_t<F&>;
  explicit BlockingJob(F f) : work(std::move(f)) {}

  void run() noexcept {
    try {
      if constexpr (std::is_void_v<Value>) {
        work();
      } else {
        value.emplace(work());
      }
    } catch (...) {
      failure = std::current_exception();
    }
  }

  F work;
  std::optional<std::conditional_t<std::is_void_v<Value>, bool, Value>> value;
  std::exception_ptr failure;
};

// Asio's own way to run a child on another executor races on its cancellation state in this
// version (fixed in Boost 1.85), so the hand-over is done by hand: post there, post back.
template <class F>
auto Runtime::run_blocking(F work) -> Task<decltype(work())> {
  auto job = std::make_shared<BlockingJob<F>>(std::move(work));
  Executor executor = co_await boost::asio::this_coro::executor;
  auto initiate = [this, job, executor](auto handler) {
    auto resume = std::make_shared<decltype(handler)>(std::move(handler));
    auto guard = boost::asio::make_work_guard(executor);
    post_blocking([job, executor, guard = std::move(guard), resume = std::move(resume)]() mutable {
      job->run();
      boost::asio::post(
          executor, boost::asio::bind_allocator(
                        Patient<void>(), [resume = std::move(resume)] { std::move (*resume)(); }));
    });
  };
  boost::asio::use_awaitable_t<Executor> token;
  co_await boost::asio::async_initiate<boost::asio::use_awaitable_t<Executor>, void()>(
      std::move(initiate), token);
  if (job->failure) std::rethrow_exception(job->failure);
  if constexpr (!std::is_void_v<decltype(job->work())>) co_return std::move(*job->value);
}

}  // namespace patchbay::io
