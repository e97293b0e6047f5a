// How a page of a list is asked for: its size, its order, its fields, and where it begins.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dialect/filter.h"
#include "gateway/answers/cursor.h"
#include "gateway/call/arguments.h"
#include "gateway/call/call.h"
#include "gateway/call/tool_error.h"

namespace patchbay::gateway {

struct PagePlan {
  std::int64_t limit = 0;  // records to give
  std::vector<dialect::OrderKey> order;
  std::string order_text;
  bool keyset = false;                  // whether what lies beyond a record can be asked for
  std::optional<KeysetPosition> after;  // then: what was given last
  PagePosition at;                      // else: which of the upstream's pages
  std::string fields;
  QueryDigest digest{};
};

// `at_most`: records that a page may have here, whatever the caller's limit. Errors:
// invalid_argument (orderBy, fields or next_cursor).
Outcome<PagePlan> plan_page(const Call& call, const Arguments& arguments, std::int64_t at_most);

}  // namespace patchbay::gateway
