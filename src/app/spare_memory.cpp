#include "app/spare_memory.h"

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <new>
#include <semaphore>
#include <thread>

#include <sys/mman.h>

#include "base/lasting_thread.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || \
    __has_feature(memory_sanitizer)
#define PATCHBAY_OTHERS_ALLOCATE  // they follow what was taken with which operator
#endif
#endif

#if defined(PATCHBAY_OTHERS_ALLOCATE)

void patchbay::app::lay_memory_by() {}

#else

namespace patchbay::app {
namespace {

// Coroutines, operations, lines and headers are smaller; bodies and answers soon are not.
constexpr std::size_t kSmall = 32 << 10;
// Given up one by one: of a piece nobody gets a body's megabyte.
constexpr std::size_t kPiece = 256 << 10;
constexpr std::size_t kPieces = 32;
constexpr std::chrono::milliseconds kPauseForMemory{1};
constexpr int kAttempts = 1'000;
constexpr std::chrono::seconds kLayBy{1};

constinit std::array<std::atomic<void*>, kPieces> pieces{};
std::counting_semaphore<> was_taken{0};

void* new_piece() {
  void* const made =
      ::mmap(nullptr, kPiece, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return made == MAP_FAILED ? nullptr : made;
}

bool give_up_one() {
  for (std::atomic<void*>& piece : pieces) {
    if (void* const held = piece.exchange(nullptr)) return ::munmap(held, kPiece) == 0;
  }
  return false;
}

bool lay_by() {
  bool all = true;
  for (std::atomic<void*>& piece : pieces) {
    if (piece.load() == nullptr) piece.store(new_piece());
    all = all && piece.load() != nullptr;
  }
  return all;
}

class SpareMemory {
 public:
  SpareMemory() {
    static_cast<void>(lay_by());
    thread_ = lasting_thread([this] { run(); });
  }
  ~SpareMemory() {
    is_over_ = true;
    was_taken.release();
    thread_.join();
  }
  SpareMemory(const SpareMemory&) = delete;
  SpareMemory& operator=(const SpareMemory&) = delete;

 private:
  void run() {
    while (!is_over_) {
      was_taken.acquire();
      while (!is_over_ && !lay_by()) std::this_thread::sleep_for(kLayBy);
    }
  }

  std::atomic<bool> is_over_ = false;
  std::thread thread_;
};

}  // namespace

void lay_memory_by() {
  static SpareMemory spare;
}

namespace {

// malloc had none.
void* from_the_spare(std::size_t size) noexcept {
  if (size > kSmall) return nullptr;
  for (int i = 0; i < kAttempts; ++i) {
    const bool gave_up = give_up_one();
    void* const found = std::malloc(size);
    // Not before that: what is laid by again would be taken from here.
    if (gave_up) was_taken.release();
    if (found != nullptr) return found;
    if (!gave_up) std::this_thread::sleep_for(kPauseForMemory);
  }
  return nullptr;
}

void* allocate(std::size_t size) noexcept {
  if (size == 0) size = 1;
  void* const found = std::malloc(size);
  if (found != nullptr) [[likely]] {
    return found;
  }
  return from_the_spare(size);
}

}  // namespace

}  // namespace patchbay::app

// In place of the library's (the standard's [new.delete]): its forms for arrays, and those that do
// not throw, come here. Those with an alignment do not: a few tables of a start have them.
void* operator new(std::size_t size) {
  void* const found = patchbay::app::allocate(size);
  if (found == nullptr) throw std::bad_alloc();
  return found;
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}

#endif
