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
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (true) {
      void* const found = ::operator new(count * sizeof(T), std::nothrow);
      if (found != nullptr) return static_cast<T*>(found);
      if (std::chrono::steady_clock::now() >= until) throw std::bad_alloc();
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  }
  void deallocate(T* memory, std::size_t) { ::operator delete(memory); }

  bool operator==(const Patient&) const = default;
};

}  // namespace patchbay::io
