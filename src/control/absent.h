// Tokens that a moment ago were nobody's, so that guessing costs the database little. A token
// cannot be known before it is minted, so nobody waits for this memory to fade but who guessed.
#pragma once

#include <chrono>
#include <cstddef>
#include <unordered_map>

#include "base/mutex.h"
#include "control/trust.h"
#include "vault/token.h"

namespace patchbay::control {

// Thread-safe.
class Absent {
 public:
  static constexpr Trust::Time kMoment{1'000};
  static constexpr std::size_t kMost = 10'000;  // 1 MB

  void add(const vault::TokenHash& hash, Trust::Time now) {
    const MutexLock lock(mutex_);
    if (since_.size() >= kMost) since_.clear();
    since_[hash] = now;
  }
  bool has(const vault::TokenHash& hash, Trust::Time now) const {
    const MutexLock lock(mutex_);
    const auto found = since_.find(hash);
    return found != since_.end() && now - found->second < kMoment;
  }
  // Something was minted, here or elsewhere.
  void clear() {
    const MutexLock lock(mutex_);
    since_.clear();
  }

 private:
  mutable Mutex mutex_;
  std::unordered_map<vault::TokenHash, Trust::Time, vault::TokenHashHasher> since_
      PATCHBAY_GUARDED_BY(mutex_);
};

}  // namespace patchbay::control
