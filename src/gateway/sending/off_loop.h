// Work on what an upstream sent: as much of it as an upstream likes. What goes over all of it, or
// lets go of a tree of it, is done off the loop where that is much.
#pragma once

#include <cstddef>
#include <exception>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

#include "gateway/call/call.h"
#include "io/runtime.h"
#include "io/task.h"

namespace patchbay::gateway {

// `work` on `bytes` of text: here, or where that is much, off the loop, so that other calls go on
// meanwhile. Its result. What it looks at stays as it is until then; what belongs to the loop
// (call.loop) it leaves alone.
template <class Work>
auto off_loop(const Call& call, std::size_t bytes, Work work) -> io::Task<decltype(work())> {
  if (bytes <= call.services.options.get().offload_bytes) co_return work();
  co_return co_await call.services.runtime.run_blocking(std::move(work));
}

template <class T>
io::Task<> end_elsewhere(io::Runtime& runtime, std::shared_ptr<std::unique_ptr<T>> what) {
  co_await runtime.run_blocking([what] { what->reset(); });
}

// Ends something large off the loop: a tree of a million values takes longer to give back than to
// look at. Here where this is no loop's thread.
template <class T>
void let_go(io::Runtime& runtime, std::unique_ptr<T> what) noexcept {
  auto* const loop = io::Loop::if_current();
  if (loop == nullptr || !runtime.running()) return;
  try {
    // A box, since whoever has it last is not known: it is empty by then.
    auto box = std::make_shared<std::unique_ptr<T>>(std::move(what));
    runtime.spawn(*loop, [&runtime, box] { return end_elsewhere(runtime, box); });
  } catch (const std::exception&) {
    what.reset();  // Want of memory: it ends here, which is slower.
  }
}

// The same of what stands in a frame, when that is left: `what` was made of `bytes` of text.
template <class T>
class LetGo {
 public:
  LetGo(const Call& call, std::size_t bytes, T& what)
      : runtime_(bytes > call.services.options.get().offload_bytes ? &call.services.runtime
                                                                   : nullptr),
        what_(what) {}
  LetGo(const LetGo&) = delete;
  LetGo& operator=(const LetGo&) = delete;
  ~LetGo() {
    static_assert(std::is_nothrow_move_constructible_v<T>);
    if (runtime_ == nullptr) return;
    // Without memory for it, it ends here, with the frame.
    std::unique_ptr<T> moved(new (std::nothrow) T(std::move(what_)));
    if (moved != nullptr) let_go(*runtime_, std::move(moved));
  }

 private:
  io::Runtime* runtime_;
  T& what_;
};

}  // namespace patchbay::gateway
