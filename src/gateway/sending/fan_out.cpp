#include "gateway/sending/fan_out.h"

#include <algorithm>
#include <exception>
#include <memory>

#include "io/event.h"

namespace patchbay::gateway {

namespace {

struct Fan {
  std::vector<std::function<io::Task<>()>> jobs;
  std::size_t next = 0;
  std::size_t working = 0;
  io::Event all_done;
  std::exception_ptr thrown;
};

io::Task<> work(std::shared_ptr<Fan> fan) {
  while (fan->next < fan->jobs.size()) {
    // By index: the vector does not change, and the function must outlive its coroutine.
    const std::size_t job = fan->next++;
    try {
      co_await fan->jobs[job]();
    } catch (...) {
      // For the caller, once the others no longer use what it lent them.
      if (!fan->thrown) fan->thrown = std::current_exception();
    }
  }
  if (--fan->working == 0) fan->all_done.set();
}

}  // namespace

io::Task<> fan_out(io::Runtime& runtime, std::vector<std::function<io::Task<>()>> jobs) {
  if (jobs.empty()) co_return;
  if (jobs.size() == 1) {
    co_await jobs.front()();
    co_return;
  }
  const auto fan = std::make_shared<Fan>();
  fan->jobs = std::move(jobs);
  fan->working = std::min(kRequestsAtOnce, fan->jobs.size());
  for (std::size_t i = fan->working; i > 0; --i) {
    runtime.spawn(io::Loop::current(), [fan] { return work(fan); });
  }
  co_await fan->all_done.wait();
  if (fan->thrown) std::rethrow_exception(fan->thrown);
}

}  // namespace patchbay::gateway
