// The names that custom fields of one record have taken: a handful as a rule, and as many as an
// upstream likes.
#pragma once

#include <algorithm>
#include <array>
#include <bitset>
#include <cstdint>
#include <cstring>
#include <forward_list>
#include <string>
#include <string_view>
#include <unordered_set>

namespace patchbay::json {

class CustomFieldNames {
 public:
  void clear() {
    seen_.reset();
    few_count_ = 0;
    kept_.clear();
    many_.clear();
  }

  // False if it was taken before. `name` stays as it is until clear().
  bool take(std::string_view name) {
    if (is_taken(name)) return false;
    keep(name);
    return true;
  }
  // The same of one that goes.
  bool take_copy(std::string_view name) {
    if (is_taken(name)) return false;
    keep(kept_.emplace_front(name));
    return true;
  }

 private:
  // Most names are new, and most of those have a mark of their own: nothing is compared.
  bool is_taken(std::string_view name) const {
    return seen_[mark_of(name)] &&
           (std::find(few_.begin(), few_.begin() + few_count_, name) != few_.begin() + few_count_ ||
            many_.contains(name));
  }

  void keep(std::string_view name) {
    seen_.set(mark_of(name));
    if (few_count_ < kFew) {
      few_[few_count_++] = name;
    } else {
      many_.insert(name);
    }
  }

  static constexpr std::size_t kFew = 32;  // looked through faster than hashed
  static constexpr std::size_t kMarks = 512;

  // Of its length, its begin and its end: "Field 1" and "Field 2" differ in one of them.
  static std::size_t mark_of(std::string_view name) {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    const std::size_t part = std::min(name.size(), sizeof begin);
    std::memcpy(&begin, name.data(), part);
    std::memcpy(&end, name.data() + name.size() - part, part);
    const std::uint64_t mixed = (begin ^ (end << 7) ^ name.size()) * 0x9E3779B97F4A7C15ULL;
    return static_cast<std::size_t>(mixed >> 55);
  }

  std::bitset<kMarks> seen_;
  std::array<std::string_view, kFew> few_;
  std::uint32_t few_count_ = 0;
  std::forward_list<std::string> kept_;
  std::unordered_set<std::string_view> many_;
};

}  // namespace patchbay::json
