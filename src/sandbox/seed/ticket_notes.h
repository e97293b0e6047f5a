// Notes on tickets.
#pragma once

#include <cstdint>
#include <string>

#include "sandbox/records/database.h"

namespace patchbay::sandbox {

// Adds a note to a ticket as it would have been written then.
struct SeededNote {
  std::string text;
  Instant when;
  bool description = false;
  bool internal = false;
  bool resolution = false;
  std::int64_t member = 0;
  std::int64_t contact = 0;
  std::string author;
};
void insert_note(Database& db, std::int64_t ticket, const SeededNote& note);

}  // namespace patchbay::sandbox
