// The `fields` parameter: which members of a record to show.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "sandbox/records/api_error.h"
#include "sandbox/records/database.h"

namespace patchbay::sandbox {

// A tree of names in lower case. Empty: everything.
class Projection {
 public:
  // "id, summary, status/name, _info/lastUpdated". Names that do not exist are ignored, or an error
  // where `strict` (the sources of the facts saw both).
  static ApiResult<Projection> parse(std::string_view fields, const Table& table, bool strict);

  bool everything() const { return members_.empty(); }
  // The part for a member; null where it is not to be shown. Never null if everything is.
  const Projection* find(std::string_view name) const;

 private:
  std::map<std::string, Projection, std::less<>> members_;
};

}  // namespace patchbay::sandbox
