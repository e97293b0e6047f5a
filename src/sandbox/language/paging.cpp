#include "sandbox/language/paging.h"

#include <algorithm>

#include <fmt/core.h>

#include "base/text.h"

namespace patchbay::sandbox {
namespace {

std::int64_t number_or(const Query& query, std::string_view name, std::int64_t fallback) {
  const std::optional<std::string_view> text = query.find(name);
  if (!text) return fallback;
  const auto number = parse_int64(*text);
  return number && *number > 0 ? *number : fallback;
}

// What was sent, without `dropped`, ready for another parameter; safe inside the header's <…>.
std::string kept_query(std::string_view raw_query, std::string_view dropped) {
  std::string kept;
  for (const std::string_view part : split(raw_query, '&')) {
    if (part.empty() || equal_ignoring_case(part.substr(0, part.find('=')), dropped)) continue;
    for (const char c : part) {
      if (c == '<' || c == '>' || c == '"' || c == ' ') {
        kept += fmt::format("%{:02X}", static_cast<unsigned char>(c));
      } else {
        kept += c;
      }
    }
    kept += '&';
  }
  return kept;
}

RecordPage cut_forward_only(std::vector<const Record*> records, const PageRequest& request,
                            std::string_view url, std::string_view raw_query) {
  // "Treated like an additional condition id > pageId": any other order would skip records.
  std::ranges::sort(records, {}, &Record::id);
  const auto first = std::ranges::upper_bound(records, request.after_id, {}, &Record::id);
  const auto left = records.end() - first;
  const auto taken = std::min<std::int64_t>(left, request.size);
  RecordPage page{{first, first + taken}, std::string()};
  if (left > taken) {
    page.link = fmt::format("<{}?{}pageId={}>; rel=\"next\"", url, kept_query(raw_query, "pageId"),
                            page.records.back()->id);
  }
  return page;
}

}  // namespace

PageRequest read_page_request(const Query& query, bool forward_only) {
  PageRequest request;
  request.page = number_or(query, "page", 1);
  request.size = std::min(number_or(query, "pageSize", 25), kMaxPageSize);
  request.after_id = number_or(query, "pageId", 0);
  request.forward_only = forward_only;
  return request;
}

RecordPage cut_page(std::vector<const Record*> records, const PageRequest& request,
                    std::string_view url, std::string_view raw_query) {
  if (request.forward_only) return cut_forward_only(std::move(records), request, url, raw_query);
  const auto total = static_cast<std::int64_t>(records.size());
  const std::int64_t last = (total + request.size - 1) / request.size;
  RecordPage page;
  if (request.page <= last) {
    const std::int64_t begin = (request.page - 1) * request.size;
    const std::int64_t end = std::min(begin + request.size, total);
    page.records.assign(records.begin() + begin, records.begin() + end);
  }
  std::string links;
  const std::string kept = kept_query(raw_query, "page");
  const auto add = [&](std::int64_t number, std::string_view rel) {
    if (!links.empty()) links += ", ";
    links += fmt::format("<{}?{}page={}>; rel=\"{}\"", url, kept, number, rel);
  };
  if (request.page < last) {
    add(request.page + 1, "next");
    add(last, "last");
  }
  if (request.page > 1 && last > 0) {
    add(std::min(request.page - 1, last), "prev");
    add(1, "first");
  }
  if (!links.empty()) page.link = std::move(links);
  return page;
}

}  // namespace patchbay::sandbox
