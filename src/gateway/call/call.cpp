#include "gateway/call/call.h"

#include <algorithm>
#include <functional>

#include "catalog/tool.h"
#include "integration/naming.h"

namespace patchbay::gateway {

std::atomic<std::uint64_t>& Contradictions::place(const upstream::Account& account) const {
  return counts_[std::hash<std::string_view>{}(account.connection()) % counts_.size()];
}

std::string Call::me() const {
  return context.member == nullptr ? std::string() : "/as/" + std::to_string(context.member->id);
}

bool Call::is_list() const {
  if (method().kind == integration::MethodKind::list) return true;
  // A custom method that can be paged.
  return method().kind == integration::MethodKind::custom &&
         method().verb == integration::Verb::get && !method().composite &&
         find_argument("limit") != nullptr;
}

std::string_view Call::told(std::string_view tool_name) const {
  if (context.toolset == nullptr) return tool_name;
  const catalog::Tool* const named = context.toolset->find(tool_name);
  return named != nullptr ? std::string_view(context.toolset->shown(*named)) : std::string_view();
}

std::string_view Call::shown(const catalog::Tool& other) const {
  return context.toolset == nullptr ? other.name : context.toolset->shown(other);
}

bool Call::may_not_list(const integration::Resource& resource) const {
  if (context.toolset == nullptr || !context.toolset->denies_any()) return false;
  const integration::Method* const list = resource.find_method("list");
  return list != nullptr && context.toolset->denies(
                                integration::tool_name(integration().tool_prefix, resource, *list));
}

const integration::Argument* Call::find_argument(std::string_view name) const {
  const auto& all = method().arguments;
  const auto found = std::ranges::find(all, name, &integration::Argument::name);
  return found == all.end() ? nullptr : &*found;
}

}  // namespace patchbay::gateway
