#include "gateway/call/call.h"

#include <algorithm>
#include <functional>

namespace patchbay::gateway {

std::atomic<std::uint64_t>& Contradictions::place(const upstream::Account& account) const {
  return counts_[std::hash<std::string_view>{}(account.id()) % counts_.size()];
}

bool Call::is_list() const {
  if (method().kind == integration::MethodKind::list) return true;
  // A custom method that can be paged.
  return method().kind == integration::MethodKind::custom &&
         method().verb == integration::Verb::get && !method().composite &&
         find_argument("limit") != nullptr;
}

const integration::Argument* Call::find_argument(std::string_view name) const {
  const auto& all = method().arguments;
  const auto found = std::ranges::find(all, name, &integration::Argument::name);
  return found == all.end() ? nullptr : &*found;
}

}  // namespace patchbay::gateway
