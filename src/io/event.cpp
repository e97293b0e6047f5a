#include "io/event.h"

#include <optional>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace patchbay::io {

// A timer that never fires, cancelled by set(): so the waiting coroutines are owned by their loop
// and die with it, which a list of handlers in the event itself could not give them.
struct Event::State {
  using Timer = boost::asio::basic_waitable_timer<
      std::chrono::steady_clock, boost::asio::wait_traits<std::chrono::steady_clock>, Executor>;
  bool set = false;
  std::size_t waiting = 0;
  std::optional<Timer> timer;  // exists while somebody waits
};

Event::Event() : state_(std::make_shared<State>()) {}
Event::~Event() = default;

bool Event::is_set() const {
  return state_->set;
}

void Event::set() {
  state_->set = true;
  if (state_->timer) state_->timer->cancel();
}

Task<> Event::wait() {
  auto state = state_;
  if (state->set) co_return;
  Executor executor = co_await boost::asio::this_coro::executor;
  if (!state->timer) {
    state->timer.emplace(executor, std::chrono::steady_clock::time_point::max());
  }
  auto token = boost::asio::as_tuple(boost::asio::use_awaitable_t<Executor>());
  ++state->waiting;
  while (!state->set) co_await state->timer->async_wait(token);
  if (--state->waiting == 0) state->timer.reset();
}

}  // namespace patchbay::io
