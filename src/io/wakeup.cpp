#include "io/wakeup.h"

#include <optional>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace patchbay::io {

struct Wakeup::State {
  using Timer = boost::asio::basic_waitable_timer<
      std::chrono::steady_clock, boost::asio::wait_traits<std::chrono::steady_clock>, Executor>;
  bool woken = false;
  std::optional<Timer> timer;  // exists while somebody waits
};

Wakeup::Wakeup() : state_(std::make_shared<State>()) {}
Wakeup::~Wakeup() = default;

Task<> Wakeup::wait() {
  auto state = state_;
  if (state->woken) co_return;
  Executor executor = co_await boost::asio::this_coro::executor;
  state->timer.emplace(executor, std::chrono::steady_clock::time_point::max());
  auto token = boost::asio::as_tuple(boost::asio::use_awaitable_t<Executor>());
  while (!state->woken) co_await state->timer->async_wait(token);
  state->timer.reset();
}

void Wakeup::wake() {
  state_->woken = true;
  if (state_->timer) state_->timer->cancel();
}

bool Wakeup::woken() const {
  return state_->woken;
}

void Wakeup::reset() {
  state_->woken = false;
}

}  // namespace patchbay::io
