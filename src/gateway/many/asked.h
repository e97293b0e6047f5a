// A call of many records: what it asks for, taken apart into what calls of one record each would
// ask for.
//
//   records: [{…}, …]        1 to 100; what stands beside the list holds for each that does not say
//                            otherwise itself. A dry run of the whole is one of each.
//   filter: {…}, expect: 7   of an update: the filters of the list, and how many records it must
//                            find to be gone on with. What stands beside is the change.
//
// No listing shows these: the instructions tell of them once, and which tools take them is data
// (`many`, docs/authoring-integrations.md).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/tool.h"
#include "gateway/call/tool_error.h"
#include "json/value.h"

namespace patchbay::gateway {

inline constexpr std::size_t kMostRecords = 100;
inline constexpr std::string_view kIdempotencyKey = "idempotency_key";
inline constexpr std::string_view kDryRun = "dry_run";

struct Filtered {
  json::Object filter;
  std::optional<std::int64_t> expect;  // nothing: it is only counted
  json::Object change;
};

struct Asked {
  // As calls of one each; of a filter none yet.
  std::vector<json::Object> records;
  std::optional<Filtered> filtered;
};

// Whether the call is of many records, or would like to be.
bool asks_for_many(const catalog::Tool& tool, const json::Object& given);

// Errors: invalid_argument, too_large. They tell that nothing was sent.
Outcome<Asked> read_asked(const catalog::Tool& tool, json::Object given);

// The change, as a call of the record of that id.
json::Object change_of(const catalog::Tool& tool, const Filtered& filtered, std::int64_t id);

}  // namespace patchbay::gateway
