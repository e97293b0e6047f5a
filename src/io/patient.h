// Memory for what must not get lost: that a coroutine is to go on, which nobody else would tell it.
#pragma once

#include <chrono>
#include <cstddef>
#include <new>
#include <thread>

namespace patchbay::io {

// An allocator that waits where there is none at present, up to ten seconds; then it throws.
template <class T>
struct Patient {
  using value_type = T;

  Patient() = default;
  template <class Other>
  Patient(const Patient<Other>&) {}

  T* allocate(std::size_t count) {
    constexpr int kAttempts = 10'000;
    for (int left = kAttempts; left > 0; --left) {
      if (void* const found = ::operator new(count * sizeof(T), std::nothrow)) {
        return static_cast<T*>(found);
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    throw std::bad_alloc();
  }
  void deallocate(T* memory, std::size_t) { ::operator delete(memory); }

  bool operator==(const Patient&) const = default;
};

}  // namespace patchbay::io
