// What there is only so much of (bytes in memory, streams, look-ups), shared out so that those who
// have much of it leave some for those who have little.
//
// A holder may take as much as makes its own share no larger than what is free before. Alone it
// gets a half; whoever comes next finds the other half free. So nobody needs to know how many there
// are, and a holder that takes all it can never takes the last.
//
// A lock, held for a look-up: for what is large or lasts, not for every request.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/mutex.h"

namespace patchbay {

class Shares : public std::enable_shared_from_this<Shares> {
  struct Account {
    std::size_t amount = 0;
    std::size_t shares = 0;
  };
  using Accounts = std::map<std::string, Account, std::less<>>;

 public:
  static constexpr std::size_t kNoBound = SIZE_MAX;

  static std::shared_ptr<Shares> make(std::size_t in_all) {
    return std::shared_ptr<Shares>(new Shares(in_all));
  }

  // Given back when it goes. Thread-safe as a whole; one thread at a time for each.
  class Share {
   public:
    Share() = default;
    Share(Share&& other) noexcept { *this = std::move(other); }
    Share& operator=(Share&& other) noexcept;
    ~Share() { give_back(); }

    std::size_t amount() const { return amount_; }
    // Some more of it. False: past the bound, and nothing has changed.
    bool grow(std::size_t by);
    void shrink(std::size_t by);
    void give_back();

   private:
    friend class Shares;
    std::shared_ptr<Shares> of_;
    std::pair<const std::string, Account>* account_ = nullptr;
    std::size_t amount_ = 0;
  };

  // Nothing: past the bound. `each`: a further bound of this holder.
  std::optional<Share> take(std::string_view holder, std::size_t amount,
                            std::size_t each = kNoBound);
  // Of what is there already: counted, past the bound as well, so that others are refused.
  Share charge(std::string_view holder, std::size_t amount);

  std::size_t in_all() const;
  // Another bound. What is held beyond it stays; nothing more is given out meanwhile.
  void set_in_all(std::size_t in_all);
  std::size_t held() const;

 private:
  explicit Shares(std::size_t in_all) : in_all_(in_all) {}
  bool fits(std::size_t own, std::size_t amount, std::size_t each) const PATCHBAY_REQUIRES(mutex_);
  Share enter(std::string_view holder, std::size_t amount) PATCHBAY_REQUIRES(mutex_);

  mutable Mutex mutex_;
  std::size_t in_all_ PATCHBAY_GUARDED_BY(mutex_);
  std::size_t held_ PATCHBAY_GUARDED_BY(mutex_) = 0;
  Accounts accounts_ PATCHBAY_GUARDED_BY(mutex_);
};

}  // namespace patchbay
