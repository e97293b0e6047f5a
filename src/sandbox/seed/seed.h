// The one believable MSP that the sandbox always starts with.
#pragma once

#include <cstdint>
#include <string_view>

#include "sandbox/records/database.h"

namespace patchbay::sandbox {

struct SeedOptions {
  std::uint64_t seed = 1;
  int scale = 1;
  Instant now;
};

// Fills an empty database. The same options give the same records, cell by cell.
void seed_database(Database& db, const SeedOptions& options);

// The member whose keys the sandbox hands out: "myself".
inline constexpr std::string_view kApiMember = "srivera";

}  // namespace patchbay::sandbox
