#include "base/lasting_thread.h"

#include <chrono>
#include <cstdio>
#include <new>
#include <utility>

namespace patchbay {
namespace {

constexpr std::chrono::milliseconds kPause{100};

}  // namespace

std::thread lasting_thread(std::function<void()> work) {
  return std::thread([work = std::move(work)] {
    for (bool is_over = false; !is_over;) {
      try {
        work();
        is_over = true;
      } catch (const std::bad_alloc&) {
        // As it is: to write it another way may need some.
        std::fputs("patchbay: a thread was short of memory, and goes on\n", stderr);
        std::this_thread::sleep_for(kPause);
      }
    }
  });
}

}  // namespace patchbay
