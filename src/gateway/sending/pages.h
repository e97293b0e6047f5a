// The pages of an upstream's lists, in each of the styles that integrations may name: how one is
// asked for, and what it says of the next.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/call/tool_error.h"
#include "integration/model.h"
#include "upstream/account.h"

namespace patchbay::gateway {

// Which page: by its number, or by the word that the page before gave for it.
struct PageAt {
  std::int64_t number = 1;
  std::string token;  // styles cursor and link_header; "" for the first
};

// Adds what asks for `size` records of that page. Of a Link header the token is the whole query.
void add_page_parameters(upstream::Request& request, const integration::Pagination& pagination,
                         const PageAt& at, std::int64_t size);

// What an answer says of the page behind it.
struct NextPage {
  enum class Is : std::uint8_t { there, none, untold };
  Is is = Is::untold;
  std::string token;  // styles cursor and link_header, if it is there
};

// `asked`: the request that was answered, its path below `base_path`; `count`: the records that
// came. Error: upstream (the next page is said to be where this one is, or at another address).
Outcome<NextPage> next_page(const integration::Pagination& pagination,
                            const upstream::Answer& answer, std::string_view base_path,
                            std::string_view path, const PageAt& at, std::int64_t size,
                            std::int64_t count);

}  // namespace patchbay::gateway
