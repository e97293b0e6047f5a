#include "admin/sign_in_attempts.h"

namespace patchbay::admin {

std::optional<std::chrono::seconds> SignInAttempts::begin(std::string_view network, WallTime now) {
  const MutexLock lock(mutex_);
  if (now >= window_ends_) {
    window_ends_ = now + kWindow;
    attempts_.clear();
    all_ = 0;
  }
  const auto found = attempts_.find(network);
  const int of_address = found == attempts_.end() ? 0 : found->second;
  if (of_address >= kMostOfAddress || all_ >= kMostOfAll) {
    return std::chrono::ceil<std::chrono::seconds>(window_ends_ - now);
  }
  ++all_;
  if (found == attempts_.end()) {
    attempts_.emplace(network, 1);
  } else {
    ++found->second;
  }
  return std::nullopt;
}

void SignInAttempts::take_back(std::string_view network) {
  const MutexLock lock(mutex_);
  const auto found = attempts_.find(network);
  // Another window may have begun since.
  if (found == attempts_.end()) return;
  --all_;
  if (--found->second == 0) attempts_.erase(found);
}

}  // namespace patchbay::admin
