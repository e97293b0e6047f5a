#include "sandbox/language/projection.h"

#include "base/text.h"

namespace patchbay::sandbox {

ApiResult<Projection> Projection::parse(std::string_view fields, const Table& table, bool strict) {
  Projection whole;
  for (std::string_view name : split(fields, ',')) {
    name = trim(name);
    if (name.empty()) continue;
    const std::string_view top = name.substr(0, name.find('/'));
    if (strict && !equal_ignoring_case(top, "_info") && !table.find_column(top)) {
      return std::unexpected(unknown_name(name));
    }
    Projection* at = &whole;
    for (const std::string_view part : split(name, '/')) at = &at->members_[to_lower(part)];
    // "status,status/name" asks for all of it: the leaf loses what an earlier name narrowed.
    at->members_.clear();
  }
  return whole;
}

const Projection* Projection::find(std::string_view name) const {
  if (everything()) return this;
  const auto found = members_.find(to_lower(name));
  return found == members_.end() ? nullptr : &found->second;
}

}  // namespace patchbay::sandbox
