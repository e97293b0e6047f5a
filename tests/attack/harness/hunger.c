// Loaded before the C library: of so many requests for memory (malloc's, and so those of C++) one gets none. How
// many is in the first four bytes of the file that HUNGER names; 0: all are granted. The next four count those that
// were not.
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

void* __libc_malloc(size_t size);

struct shared {
  _Atomic uint32_t of_so_many;
  _Atomic uint32_t refused;
};
static struct shared* shared;
static __thread uint32_t state __attribute__((tls_model("initial-exec")));

__attribute__((constructor)) static void begin(void) {
  const char* const name = getenv("HUNGER");
  const int file = name == NULL ? -1 : open(name, O_RDWR | O_CLOEXEC);
  if (file < 0) return;
  void* const found = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  close(file);
  if (found != MAP_FAILED) shared = found;
}

// xorshift32, of each thread.
static uint32_t next(void) {
  if (state == 0) state = (uint32_t)(uintptr_t)&state | 1;
  state ^= state << 13;
  state ^= state >> 17;
  state ^= state << 5;
  return state;
}

void* malloc(size_t size) {
  const uint32_t many = shared == NULL ? 0 : atomic_load_explicit(&shared->of_so_many, memory_order_relaxed);
  if (many == 0 || next() % many != 0) return __libc_malloc(size);
  atomic_fetch_add_explicit(&shared->refused, 1, memory_order_relaxed);
  errno = ENOMEM;
  return NULL;
}
