#include "control/catalogs.h"

#include <utility>

#include "base/nearest.h"
#include "base/text.h"

namespace patchbay::control {

void Catalogs::put(Catalog catalog) {
  const MutexLock lock(mutex_);
  by_name_[catalog->integration().name] = std::move(catalog);
}

std::vector<Catalogs::Catalog> Catalogs::all() const {
  const MutexLock lock(mutex_);
  std::vector<Catalog> all;
  for (const auto& [name, catalog] : by_name_) all.push_back(catalog);
  return all;
}

Result<Catalogs::Catalog> Catalogs::find(std::string_view name) const {
  const MutexLock lock(mutex_);
  const auto found = by_name_.find(name);
  if (found != by_name_.end()) return found->second;
  std::vector<std::string> names;
  for (const auto& [known, catalog] : by_name_) names.push_back(known);
  const auto near = nearest(name, names, 5, true);
  return fail(ErrorCode::not_found,
              "There is no integration '" + std::string(cut_utf8(name, 100)) + "'.",
              near.empty() ? "" : "There are: " + join(near) + ".");
}

}  // namespace patchbay::control
