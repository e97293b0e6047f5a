#include "gateway/writes/body_members.h"

#include "integration/whole_body.h"

namespace patchbay::gateway {

const json::Object* body_members(const Call& call, const Bound& bound) {
  const auto& list = call.method().body_list;
  if (list.empty()) return bound.body.if_object();
  const auto* items = list == integration::kWholeBody ? &bound.body : bound.body.find(list);
  const auto* one = items != nullptr ? items->if_array() : nullptr;
  return one != nullptr && !one->empty() ? one->front().if_object() : nullptr;
}

}  // namespace patchbay::gateway
