#include "store/database.h"

#include <new>
#include <utility>

namespace patchbay::store {

Result<> done_by(const Work& work, Session& session) {
  try {
    return work(session);
  } catch (const std::bad_alloc&) {
    // Short enough to need none itself.
    return fail(ErrorCode::unavailable, "Memory is low.");
  }
}

Parameters& Parameters::text(std::string_view value) {
  cells_.push_back({.type = Cell::Type::text, .bytes = std::string(value)});
  return *this;
}

Parameters& Parameters::blob(std::string_view value) {
  cells_.push_back({.type = Cell::Type::blob, .bytes = std::string(value)});
  return *this;
}

Parameters& Parameters::integer(std::int64_t value) {
  cells_.push_back({.type = Cell::Type::integer, .integer = value, .bytes = {}});
  return *this;
}

Parameters& Parameters::optional_integer(std::optional<std::int64_t> value) {
  if (value) return integer(*value);
  cells_.emplace_back();
  return *this;
}

Parameters& Parameters::null_if_empty(std::string_view value) {
  if (!value.empty()) return text(value);
  cells_.emplace_back();
  return *this;
}

Parameters& Parameters::cell(Cell value) {
  cells_.push_back(std::move(value));
  return *this;
}

}  // namespace patchbay::store
