// One request to the API, taken apart: who, when, what, with which parameters.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.h"
#include "sandbox/language/query.h"
#include "sandbox/operations/settings.h"
#include "sandbox/records/changes.h"
#include "sandbox/records/database.h"

namespace patchbay::sandbox {

struct ApiCall {
  Database& db;
  const Settings& settings;
  Instant now;
  std::int64_t member = 0;  // whose keys were used
  http::Method method = http::Method::get;
  std::string_view body;
  Query query;
  std::string_view raw_query;
  bool forward_only = false;      // pagination-type: forward-only
  std::string url;                // absolute, as the client called it, without the query
  std::string base_url;           // for links: "https://host/v4_6_release/apis/3.0/"
  std::vector<std::int64_t> ids;  // the numbers in the path, in their order
  Changes* changes = nullptr;     // what it does is noted there; null: nobody follows

  // Notes a change of a record as it now stands in the table.
  void note_change(RecordChange::Action action, const Table& table, std::int64_t id,
                   std::optional<Record> before, bool skip_callback = false) const;
};

}  // namespace patchbay::sandbox
