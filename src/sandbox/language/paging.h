// Both paginations and their Link headers.
//
// Real clients depend on the letter of it: one reads `page=(\d+)>; rel="(.*?)"`, so `page` must be
// the last parameter; others take what stands before the first ';', so `next` comes first; and one
// takes a missing header for an endpoint without forward-only pagination, so it is there but empty
// on the last such page.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sandbox/language/query.h"
#include "sandbox/records/database.h"

namespace patchbay::sandbox {

struct PageRequest {
  std::int64_t page = 1;
  std::int64_t size = 25;
  bool forward_only = false;
  std::int64_t after_id = 0;  // forward-only: pageId
};

inline constexpr std::int64_t kMaxPageSize = 1000;

// Numbers that make no sense become the defaults; a page larger than the limit is cut silently.
PageRequest read_page_request(const Query& query, bool forward_only);

struct RecordPage {
  std::vector<const Record*> records;
  std::optional<std::string> link;  // the header's value; may be empty, see above
};

// `records` is the whole ordered result. `url`: without query; `raw_query`: as sent.
RecordPage cut_page(std::vector<const Record*> records, const PageRequest& request,
                    std::string_view url, std::string_view raw_query);

}  // namespace patchbay::sandbox
