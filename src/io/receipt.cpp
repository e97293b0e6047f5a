#include "io/receipt.h"

#include <linux/sockios.h>
#include <sys/ioctl.h>

namespace patchbay::io {

void Receipt::written(int socket) {
  const MutexLock lock(mutex_);
  socket_ = socket;
  written_ = std::chrono::steady_clock::now();
}

void Receipt::arrived() {
  const MutexLock lock(mutex_);
  socket_ = -1;
}

void Receipt::lost() {
  const MutexLock lock(mutex_);
  socket_ = -1;
  lost_ = true;
}

void Receipt::closing() {
  const MutexLock lock(mutex_);
  lost_ = lost_ || socket_ < 0 || unacknowledged();
  socket_ = -1;
}

bool Receipt::is_lost() const {
  const MutexLock lock(mutex_);
  // Who has just read it has not acknowledged it yet.
  const bool known = std::chrono::steady_clock::now() - written_ > kLongestDelay;
  return lost_ || (known && unacknowledged());
}

// tcp(7), SIOCOUTQ: bytes that were sent or wait to be, and that nobody acknowledged.
bool Receipt::unacknowledged() const {
  int bytes = 0;
  return socket_ >= 0 && ::ioctl(socket_, SIOCOUTQ, &bytes) == 0 && bytes > 0;
}

}  // namespace patchbay::io
