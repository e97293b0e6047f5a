#include "base/shares.h"

#include <algorithm>

namespace patchbay {

Shares::Share& Shares::Share::operator=(Share&& other) noexcept {
  if (this == &other) return *this;
  give_back();
  of_ = std::move(other.of_);
  account_ = std::exchange(other.account_, nullptr);
  amount_ = std::exchange(other.amount_, 0);
  return *this;
}

bool Shares::Share::grow(std::size_t by) {
  if (of_ == nullptr) return true;  // nobody counts
  const MutexLock lock(of_->mutex_);
  if (!of_->fits(account_->second.amount, by, kNoBound)) return false;
  account_->second.amount += by;
  of_->held_ += by;
  amount_ += by;
  return true;
}

void Shares::Share::shrink(std::size_t by) {
  if (of_ == nullptr) return;
  by = std::min(by, amount_);
  const MutexLock lock(of_->mutex_);
  account_->second.amount -= by;
  of_->held_ -= by;
  amount_ -= by;
}

void Shares::Share::give_back() {
  if (of_ == nullptr) return;
  const std::shared_ptr<Shares> of = std::move(of_);
  const MutexLock lock(of->mutex_);
  account_->second.amount -= amount_;
  of->held_ -= amount_;
  if (--account_->second.shares == 0) of->accounts_.erase(account_->first);
  account_ = nullptr;
  amount_ = 0;
}

bool Shares::fits(std::size_t own, std::size_t amount, std::size_t each) const {
  const std::size_t free = in_all_ - std::min(in_all_, held_);
  return amount <= free && own <= free - amount && own <= each && amount <= each - own;
}

Shares::Share Shares::enter(std::string_view holder, std::size_t amount) {
  auto found = accounts_.find(holder);
  if (found == accounts_.end()) found = accounts_.emplace(std::string(holder), Account{}).first;
  found->second.amount += amount;
  ++found->second.shares;
  held_ += amount;
  Share share;
  share.of_ = shared_from_this();
  share.account_ = &*found;
  share.amount_ = amount;
  return share;
}

std::optional<Shares::Share> Shares::take(std::string_view holder, std::size_t amount,
                                          std::size_t each) {
  const MutexLock lock(mutex_);
  const auto found = accounts_.find(holder);
  const std::size_t own = found == accounts_.end() ? 0 : found->second.amount;
  if (!fits(own, amount, each)) return std::nullopt;
  return enter(holder, amount);
}

Shares::Share Shares::charge(std::string_view holder, std::size_t amount) {
  const MutexLock lock(mutex_);
  return enter(holder, amount);
}

std::size_t Shares::in_all() const {
  const MutexLock lock(mutex_);
  return in_all_;
}

void Shares::set_in_all(std::size_t in_all) {
  const MutexLock lock(mutex_);
  in_all_ = in_all;
}

std::size_t Shares::held() const {
  const MutexLock lock(mutex_);
  return held_;
}

}  // namespace patchbay
