#include "control/members.h"

#include <algorithm>
#include <vector>

#include "base/nearest.h"
#include "base/text.h"

namespace patchbay::control {
namespace {

std::string in_quotes(std::string_view text) {
  return "'" + std::string(text) + "'";
}

}  // namespace

Result<> only_known_members(const json::Object& object, std::string_view where,
                            std::span<const std::string_view> known) {
  for (const auto& [name, value] : object) {
    if (std::ranges::find(known, name) != known.end()) continue;
    const std::vector<std::string> names(known.begin(), known.end());
    const auto near = nearest(name, names, 1);
    const std::string place = where.empty() ? "" : " in " + std::string(where);
    std::string hint = near.empty() ? "" : "Did you mean " + in_quotes(near.front()) + "? ";
    hint += "Known: " + join(names) + ".";
    return fail(ErrorCode::invalid_argument,
                "Unknown member " + in_quotes(cut_utf8(name, 100)) + place + ".", std::move(hint));
  }
  return {};
}

json::Value merge_shallowly(json::Value base, const json::Object& patch) {
  if (!base.is_object()) base = json::Object{};
  json::Object& object = *base.if_object();
  for (const auto& [name, value] : patch) {
    if (value.is_null()) {
      object.erase(name);
    } else {
      object[name] = value;
    }
  }
  return base;
}

json::Value merge_config(json::Value base, const json::Object& patch) {
  json::Object within;
  for (const auto& [name, value] : patch) {
    const json::Object* const change = value.if_object();
    const json::Value* const present = base.find(name);
    const bool merges =
        change != nullptr && !change->empty() && present != nullptr && present->is_object();
    json::Value merged = merges ? merge_shallowly(*present, *change) : value;
    within[name] = merges && merged.if_object()->empty() ? json::Value() : std::move(merged);
  }
  return merge_shallowly(std::move(base), within);
}

}  // namespace patchbay::control
