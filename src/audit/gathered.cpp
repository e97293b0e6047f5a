#include "audit/gathered.h"

#include <new>

namespace patchbay::audit {

std::optional<Together> Gathered::add(const EndedCall& call, Order order,
                                      const vault::DigestCode* digest) {
  const Place place{call.by.environment_id, slot_of(call.at)};
  auto row = rows_.find(place);
  if (row == rows_.end()) {
    row = rows_.emplace(Key{std::string(place.environment_id), place.slot}, CallsWriter()).first;
  }
  try {
    row->second.add(call, order, digest);
  } catch (const std::bad_alloc&) {
    // A row without a call would be a damaged one.
    if (row->second.count() == 0) rows_.erase(row);
    throw;
  }
  if (!row->second.is_full()) return std::nullopt;
  auto full = rows_.extract(row);
  return Together{std::move(full.key().environment_id), std::move(full.mapped())};
}

std::optional<Together> Gathered::take_one() {
  if (rows_.empty()) return std::nullopt;
  auto row = rows_.extract(rows_.begin());
  return Together{std::move(row.key().environment_id), std::move(row.mapped())};
}

}  // namespace patchbay::audit
