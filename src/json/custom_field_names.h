// The names that custom fields of one record have taken: a handful as a rule, and as many as an
// upstream likes.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace patchbay::json {

class CustomFieldNames {
 public:
  void clear() {
    count_ = 0;
    many_.clear();
  }

  // False if it was taken before.
  bool take(std::string_view name) {
    const auto end = few_.begin() + static_cast<std::ptrdiff_t>(count_);
    if (std::find(few_.begin(), end, name) != end) return false;
    if (count_ == kFew) return many_.emplace(name).second;
    if (count_ == few_.size()) few_.emplace_back();
    few_[count_++] = name;  // in the memory of a name before it, as a rule
    return true;
  }

 private:
  static constexpr std::size_t kFew = 32;  // looked through faster than hashed

  std::vector<std::string> few_;
  std::size_t count_ = 0;  // of few_
  std::unordered_set<std::string> many_;
};

}  // namespace patchbay::json
