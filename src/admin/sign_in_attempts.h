// How often somebody may try to sign in and fail. A secret of 256 bits is not guessed; this keeps
// those who try from costing more than a little, and from filling the log.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/mutex.h"

namespace patchbay::admin {

// Thread-safe. Of this node alone.
class SignInAttempts {
 public:
  static constexpr std::chrono::minutes kWindow{1};
  static constexpr int kMostOfAddress = 10;  // in a window, that fail; of an IPv6 /64 together
  // Of all together: as many addresses are remembered at most.
  static constexpr int kMostOfAll = 600;

  // Counts an attempt before it is known how it goes. How long to wait: it is one too many, and
  // not to be looked at.
  std::optional<std::chrono::seconds> begin(std::string_view network, WallTime now);
  // It did not fail.
  void take_back(std::string_view network);

 private:
  Mutex mutex_;
  WallTime window_ends_ PATCHBAY_GUARDED_BY(mutex_){};
  std::map<std::string, int, std::less<>> attempts_ PATCHBAY_GUARDED_BY(mutex_);
  int all_ PATCHBAY_GUARDED_BY(mutex_) = 0;
};

}  // namespace patchbay::admin
