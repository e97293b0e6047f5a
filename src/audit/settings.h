// What an environment says of its audit log.
#pragma once

#include <cstdint>

#include "base/error.h"
#include "json/value.h"

namespace patchbay::audit {

// Which arguments, and whether summaries of answers, are kept beside their digest.
enum class Arguments : std::uint8_t {
  none,
  values,  // ids, numbers, dates and choices; of texts only how long they were
  all,     // texts as well, but for what is personal
};

struct Settings {
  Arguments arguments = Arguments::none;
  std::int64_t keep_days = 90;
  // Links of the chain: a write has two, one when it begins and one when its outcome is known.
  std::int64_t keep_entries = 1'000'000;
};

// Members that are missing have their defaults. Error invalid_argument: the member, and what it
// takes.
Result<Settings> read_settings(const json::Value& settings);
json::Value to_json(const Settings& settings);

}  // namespace patchbay::audit
