// A value that is read all the time and replaced now and then: settings that change at run time.
//
// Reading is one atomic load, on any thread. What was replaced stays as long as the Replaceable, so
// that a reference which a reader holds, also across a wait, never dangles: for small values, and
// for replacements that an operator makes. (std::atomic<std::shared_ptr> of libstdc++ 12 takes a
// lock at each reading, and is a data race to ThreadSanitizer.)
#pragma once

#include <atomic>
#include <memory>
#include <utility>
#include <vector>

#include "base/mutex.h"

namespace patchbay {

template <class T>
class Replaceable {
 public:
  explicit Replaceable(T first) { replace(std::move(first)); }
  Replaceable(const Replaceable&) = delete;
  Replaceable& operator=(const Replaceable&) = delete;

  // Valid as long as this object. Two readings may differ: keep the reference where they must not.
  const T& get() const { return *current_.load(std::memory_order_acquire); }

  void replace(T next) {
    auto kept = std::make_unique<const T>(std::move(next));
    const MutexLock lock(mutex_);
    current_.store(kept.get(), std::memory_order_release);
    all_.push_back(std::move(kept));
  }

 private:
  std::atomic<const T*> current_ = nullptr;
  Mutex mutex_;
  std::vector<std::unique_ptr<const T>> all_ PATCHBAY_GUARDED_BY(mutex_);
};

}  // namespace patchbay
