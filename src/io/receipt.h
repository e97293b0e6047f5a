// Whether an answer reached its peer, as far as the connection tells.
//
// Nobody confirms an HTTP response. What can be known: that the peer was gone before it was
// written, that writing failed, that the kernel still waits for the peer to acknowledge it
// (a network that broke), that the connection was reset before the peer took it. All else counts
// as arrived: a proxy that takes an answer and loses it cannot be told from a client.
#pragma once

#include <chrono>

#include "base/mutex.h"

namespace patchbay::io {

// Shared by who wants to know and who writes; thread-safe.
class Receipt {
 public:
  // The answer was handed to the kernel. The socket stays open until one of the others is called.
  void written(int socket);
  // The connection goes on with another request, or is about to be closed. Nothing that comes
  // later changes what was lost.
  void arrived();
  void lost();
  // The connection ends: what was not written, or what the peer has not acknowledged by then, is
  // lost. Once.
  void closing();

  // False while the answer was not written yet.
  bool is_lost() const;

 private:
  // How long a peer that is there may take to acknowledge what it has (Linux: 200 ms at most).
  static constexpr std::chrono::milliseconds kLongestDelay{250};
  bool unacknowledged() const PATCHBAY_REQUIRES(mutex_);
  bool was_reset() const PATCHBAY_REQUIRES(mutex_);

  mutable Mutex mutex_;
  int socket_ PATCHBAY_GUARDED_BY(mutex_) = -1;  // -1: not written, or settled
  std::chrono::steady_clock::time_point written_ PATCHBAY_GUARDED_BY(mutex_);
  bool lost_ PATCHBAY_GUARDED_BY(mutex_) = false;
};

}  // namespace patchbay::io
