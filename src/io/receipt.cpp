#include "io/receipt.h"

#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

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
  lost_ = lost_ || socket_ < 0 || was_reset() || unacknowledged();
  socket_ = -1;
}

bool Receipt::is_lost() const {
  const MutexLock lock(mutex_);
  // Who has just read it has not acknowledged it yet.
  const bool known = std::chrono::steady_clock::now() - written_ > kLongestDelay;
  return lost_ || was_reset() || (known && unacknowledged());
}

// tcp(7), SIOCOUTQ: bytes that were sent or wait to be, and that nobody acknowledged.
bool Receipt::unacknowledged() const {
  int bytes = 0;
  return socket_ >= 0 && ::ioctl(socket_, SIOCOUTQ, &bytes) == 0 && bytes > 0;
}

// The loop that serves the connection may not have been told yet. What is left to a socket that was
// reset is the state CLOSED (RFC 9293 3.10.7.4); one that its peer closed in order is in
// CLOSE-WAIT.
bool Receipt::was_reset() const {
  tcp_info info{};
  socklen_t size = sizeof info;
  return socket_ >= 0 && ::getsockopt(socket_, IPPROTO_TCP, TCP_INFO, &info, &size) == 0 &&
         info.tcpi_state == TCP_CLOSE;
}

}  // namespace patchbay::io
