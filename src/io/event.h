// Something that happens once, and coroutines that wait for it. One loop's.
#pragma once

#include <functional>
#include <utility>
#include <vector>

#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "io/task.h"

namespace patchbay::io {

class Event {
 public:
  Event() = default;
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;

  bool is_set() const { return set_; }
  // Resumes everyone that waits, in their order, each from the loop's queue.
  void set() {
    set_ = true;
    for (auto& resume : std::exchange(waiting_, {})) resume();
  }
  // The event must outlive the wait.
  Task<> wait() {
    if (set_) co_return;
    Executor executor = co_await boost::asio::this_coro::executor;
    auto initiate = [this, executor](auto handler) {
      waiting_.emplace_back([executor, resume = std::move(handler)]() mutable {
        boost::asio::post(executor,
                          [resume = std::move(resume)]() mutable { std::move(resume)(); });
      });
    };
    boost::asio::use_awaitable_t<Executor> token;
    co_await boost::asio::async_initiate<boost::asio::use_awaitable_t<Executor>, void()>(
        std::move(initiate), token);
  }

 private:
  bool set_ = false;
  std::vector<std::move_only_function<void()>> waiting_;
};

}  // namespace patchbay::io
