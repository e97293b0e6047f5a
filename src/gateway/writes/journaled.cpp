#include "gateway/writes/journaled.h"

#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "io/event.h"
#include "io/runtime.h"

namespace patchbay::gateway {
namespace {

// What another thread tells, once, and the coroutine that waits for it on its own loop.
template <class T>
class ToldOnce {
 public:
  std::function<void(T)> teller() {
    return [state = state_, &loop = io::Loop::current()](T value) mutable {
      // Before the loop hears of it, and here, where that needs no memory.
      state->value = std::move(value);
      io::post(loop, [state = std::move(state)] { state->told.set(); });
    };
  }
  io::Task<T> hear() {
    const auto state = state_;
    co_await state->told.wait();
    co_return std::move(*state->value);
  }

 private:
  struct State {
    io::Event told;
    std::optional<T> value;
  };
  const std::shared_ptr<State> state_ = std::make_shared<State>();
};

}  // namespace

io::Task<Result<audit::Begun>> begin(audit::Journal& journal, audit::Write write) {
  ToldOnce<Result<audit::Begun>> begun;
  journal.begin(std::move(write), begun.teller());
  co_return co_await begun.hear();
}

io::Task<Result<audit::Begun>> resume(audit::Journal& journal, audit::Write write,
                                      audit::Open open) {
  ToldOnce<Result<audit::Begun>> begun;
  journal.resume(std::move(write), std::move(open), begun.teller());
  co_return co_await begun.hear();
}

io::Task<Result<>> end(audit::Journal& journal, audit::Go begun, audit::Ended ended,
                       audit::Ending ending) {
  ToldOnce<Result<>> done;
  journal.end(std::move(begun), std::move(ended), std::move(ending), done.teller());
  co_return co_await done.hear();
}

io::Task<Result<>> free_key(audit::Journal& journal, audit::Go begun) {
  ToldOnce<Result<>> done;
  journal.free_key(std::move(begun), done.teller());
  co_return co_await done.hear();
}

}  // namespace patchbay::gateway
