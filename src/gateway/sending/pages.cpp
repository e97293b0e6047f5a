#include "gateway/sending/pages.h"

#include <optional>
#include <utility>

#include "base/text.h"
#include "gateway/sending/ask.h"
#include "http/url.h"
#include "json/raw.h"
#include "json/write.h"

namespace patchbay::gateway {

namespace {

using integration::PaginationStyle;

// What an API calls its pages is passed on to callers in their cursors.
constexpr std::size_t kMaxTokenBytes = 1000;

std::unexpected<ToolError> no_way_on(std::string why) {
  return refuse(
      ErrorCode::upstream, "This list cannot be continued: " + std::move(why) + '.',
      "Ask for more at once with limit, or narrow the filters, and tell whoever runs this "
      "server.");
}

// The target of the Link header's rel="next" (RFC 8288 section 3); nothing if it has none.
std::optional<std::string> next_link(std::string_view header) {
  while (!header.empty()) {
    const auto open = header.find('<');
    const auto close = header.find('>', open);
    if (open == std::string_view::npos || close == std::string_view::npos) return std::nullopt;
    const auto end = header.find('<', close);
    const auto parameters = header.substr(close + 1, end - close - 1);
    const auto target = header.substr(open + 1, close - open - 1);
    if (contains_ignoring_case(parameters, "rel=\"next\"") ||
        contains_ignoring_case(parameters, "rel=next")) {
      return std::string(target);
    }
    if (end == std::string_view::npos) return std::nullopt;
    header.remove_prefix(end);
  }
  return std::nullopt;
}

// Path and query of an address, absolute or not.
std::pair<std::string_view, std::string_view> path_and_query(std::string_view address) {
  if (const auto scheme = address.find("://"); scheme != std::string_view::npos) {
    const auto slash = address.find('/', scheme + 3);
    address = slash == std::string_view::npos ? std::string_view("/") : address.substr(slash);
  }
  address = address.substr(0, address.find('#'));
  const auto question = address.find('?');
  return {address.substr(0, question),
          question == std::string_view::npos ? std::string_view() : address.substr(question + 1)};
}

Outcome<NextPage> by_token(std::optional<std::string> token, const PageAt& at) {
  if (!token || token->empty()) return NextPage{NextPage::Is::none, {}};
  if (*token == at.token) {
    return no_way_on("the API says that the page after this one is this one again");
  }
  if (token->size() > kMaxTokenBytes) {
    return no_way_on("the API's own cursor is longer than can be passed on");
  }
  return NextPage{NextPage::Is::there, std::move(*token)};
}

// What says it without another request: a Link header, or how many there are in all.
NextPage by_number(const integration::Pagination& pagination, const upstream::Answer& answer,
                   const PageAt& at, std::int64_t size, std::int64_t count) {
  const auto said = [](bool more) {
    return NextPage{more ? NextPage::Is::there : NextPage::Is::none, {}};
  };
  if (count < size) return said(false);
  if (const auto link = answer.headers.find("Link")) return said(next_link(*link).has_value());
  std::optional<std::int64_t> total;
  if (!pagination.total_header.empty()) {
    total = parse_int64(trim(answer.headers.find(pagination.total_header).value_or("")));
  }
  if (!total && !pagination.total_path.empty()) {
    const auto value = json::scalar_at(answer.body, pagination.total_path);
    if (value) total = value->as_int64();
  }
  return total ? said((at.number - 1) * size + count < *total) : NextPage{};
}

}  // namespace

void add_page_parameters(upstream::Request& request, const integration::Pagination& pagination,
                         const PageAt& at, std::int64_t size) {
  if (pagination.style == PaginationStyle::none) return;
  if (pagination.style == PaginationStyle::link_header && !at.token.empty()) {
    request.query = at.token;
    return;
  }
  for (const auto& [name, value] : pagination.constants) add_parameter(request.query, name, value);
  add_parameter(request.query, pagination.size_parameter, std::to_string(size));
  switch (pagination.style) {
    case PaginationStyle::page:
      if (at.number > 1) {
        add_parameter(request.query, pagination.page_parameter, std::to_string(at.number));
      }
      break;
    case PaginationStyle::offset:
      if (at.number > 1) {
        add_parameter(request.query, pagination.page_parameter,
                      std::to_string((at.number - 1) * size));
      }
      break;
    case PaginationStyle::cursor:
      add_parameter(request.query, pagination.cursor_parameter, at.token);
      break;
    case PaginationStyle::none:
    case PaginationStyle::link_header:
      break;
  }
}

Outcome<NextPage> next_page(const integration::Pagination& pagination,
                            const upstream::Answer& answer, std::string_view base_path,
                            std::string_view path, const PageAt& at, std::int64_t size,
                            std::int64_t count) {
  switch (pagination.style) {
    case PaginationStyle::none:
      return NextPage{NextPage::Is::none, {}};
    case PaginationStyle::page:
    case PaginationStyle::offset:
      return by_number(pagination, answer, at, size, count);
    case PaginationStyle::cursor: {
      const auto value = json::scalar_at(answer.body, pagination.cursor_path);
      if (!value || value->is_bool()) return NextPage{NextPage::Is::none, {}};
      const auto* text = value->if_string();
      return by_token(text != nullptr ? *text : json::to_string(*value), at);
    }
    case PaginationStyle::link_header: {
      const auto link = next_link(answer.headers.find("Link").value_or(""));
      if (!link) return NextPage{NextPage::Is::none, {}};
      const auto [next_path, query] = path_and_query(*link);
      // Only the query is taken from a stranger's address, so it must be of the same list.
      const auto own = http::percent_decode(std::string(base_path) + std::string(path), false);
      if (!next_path.empty() && http::percent_decode(next_path, false) != own) {
        return no_way_on("the API says that its next page is at another address");
      }
      return by_token(std::string(query), at);
    }
  }
  return NextPage{};
}

}  // namespace patchbay::gateway
