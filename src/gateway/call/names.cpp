#include "gateway/call/names.h"

#include <algorithm>

namespace patchbay::gateway {

const Resolution* Names::find(const integration::Argument& argument) const {
  const auto found = std::ranges::find(resolutions, &argument, &Resolution::argument);
  return found == resolutions.end() ? nullptr : &*found;
}

json::Value bound_value(const Names& names, const integration::Argument& argument,
                        const json::Value& given) {
  const auto* resolution = names.find(argument);
  if (resolution == nullptr) return given;
  if (!given.is_array()) return resolution->records.front().id;
  json::Array ids;
  for (const auto& record : resolution->records) ids.push_back(record.id);
  return ids;
}

}  // namespace patchbay::gateway
