#include "pack/openapi/pages.h"

#include <algorithm>
#include <array>
#include <map>
#include <span>

#include "pack/openapi/plain_schema.h"
#include "pack/openapi/words.h"

namespace patchbay::openapi {
namespace {

constexpr std::int64_t kUsualMost = 100;  // records of a page, where nothing says how many
constexpr std::int64_t kMost = 1'000;

// As plain_name has them.
constexpr std::array<std::string_view, 8> kSizes = {
    "pagesize", "perpage", "limit", "size", "top", "take", "maxresults", "pagelimit"};
constexpr std::array<std::string_view, 3> kPages = {"page", "pagenumber", "pageno"};
constexpr std::array<std::string_view, 4> kOffsets = {"offset", "skip", "start", "startat"};
constexpr std::array<std::string_view, 9> kCursors = {
    "cursor",     "after",         "pagetoken",         "nexttoken", "nextpagetoken",
    "nextcursor", "startingafter", "continuationtoken", "pagecursor"};
constexpr std::array<std::string_view, 8> kNext = {
    "nextcursor", "next",   "nextpagetoken", "nexttoken",
    "after",      "cursor", "endcursor",     "continuationtoken"};

const Parameter* one_of(const Operation& operation, std::span<const std::string_view> names) {
  for (const std::string_view name : names) {
    for (const Parameter& each : operation.parameters) {
      if (each.place == Place::query && plain_name(each.name) == name) return &each;
    }
  }
  return nullptr;
}

// What was found how often.
class Votes {
 public:
  void add(std::string_view name) { ++counts_[std::string(name)]; }
  std::size_t most() const {
    return counts_.empty() ? 0 : std::ranges::max_element(counts_, {}, kCount)->second;
  }
  std::string winner() const {
    return counts_.empty() ? std::string() : std::ranges::max_element(counts_, {}, kCount)->first;
  }

 private:
  static constexpr auto kCount = &std::pair<const std::string, std::size_t>::second;
  std::map<std::string, std::size_t> counts_;
};

// A text in the answer that says how the next page is asked for: at most two levels deep.
std::string cursor_path(const Operation& operation, Gatherer& gatherer) {
  if (operation.answer.schema == nullptr) return {};
  const Gathered answer = gatherer.gather(*operation.answer.schema, true);
  if (answer.properties.size() > 40) return {};
  const auto find_in = [&](const Gathered& object) -> std::string {
    for (const std::string_view wanted : kNext) {
      for (const auto& property : object.properties) {
        if (plain_name(property.name) != wanted || !is_usable_name(property.name)) continue;
        if (gatherer.gather(*property.schema).type == "string") return std::string(property.name);
      }
    }
    return {};
  };
  if (const auto name = find_in(answer); !name.empty()) return "/" + name;
  for (const auto& property : answer.properties) {
    const Gathered inner = gatherer.gather(*property.schema);
    if (inner.type != "object" || !is_usable_name(property.name)) continue;
    if (const auto name = find_in(inner); !name.empty()) {
      return "/" + std::string(property.name) + "/" + name;
    }
  }
  return {};
}

struct Found {
  Votes by_page;
  Votes by_offset;
  Votes by_cursor;
  Votes sizes;
  Votes cursor_paths;
  std::size_t with_link = 0;
  std::int64_t most = 0;  // records, as the schemas of the sizes say
};

void count(const Operation& operation, Gatherer& gatherer, Found& found) {
  if (operation.answer.has_link_header) ++found.with_link;
  if (const auto* size = one_of(operation, kSizes)) {
    found.sizes.add(size->name);
    const Gathered schema = gatherer.gather(*size->schema);
    const auto limit = schema.limits.find("maximum");
    const auto most = limit != schema.limits.end() ? limit->second->as_int64() : std::nullopt;
    if (most && *most > 0) found.most = found.most == 0 ? *most : std::min(found.most, *most);
  }
  if (const auto* page = one_of(operation, kPages)) found.by_page.add(page->name);
  if (const auto* offset = one_of(operation, kOffsets)) found.by_offset.add(offset->name);
  if (const auto* cursor = one_of(operation, kCursors)) {
    // Without a place that tells the next one, nobody can go on.
    const std::string path = cursor_path(operation, gatherer);
    if (path.empty()) return;
    found.by_cursor.add(cursor->name);
    found.cursor_paths.add(path);
  }
}

}  // namespace

Pages find_pages(const std::vector<ListOperation>& lists, Gatherer& gatherer) {
  Found found;
  for (const ListOperation& list : lists) count(*list.operation, gatherer, found);
  Pages pages;
  json::Object section;
  const std::string size = found.sizes.winner();
  const auto hide = [&](const std::string& name) {
    if (!name.empty()) pages.hidden.insert(name);
  };
  const std::size_t best =
      std::max({found.by_page.most(), found.by_offset.most(), found.by_cursor.most()});
  if (found.with_link > 0 && found.with_link >= best / 2) {
    section.append("style", "link_header");
    hide(found.by_page.winner());
    hide(found.by_cursor.winner());
  } else if (best > 0 && found.by_cursor.most() == best) {
    section.append("style", "cursor");
    section.append("cursor_parameter", found.by_cursor.winner());
    section.append("cursor_path", found.cursor_paths.winner());
    hide(found.by_cursor.winner());
    pages.dividing.insert(found.by_cursor.winner());
  } else if (best > 0 && !size.empty()) {
    const bool by_page = found.by_page.most() == best;
    const std::string parameter = by_page ? found.by_page.winner() : found.by_offset.winner();
    section.append("style", by_page ? "page" : "offset");
    section.append("page_parameter", parameter);
    hide(parameter);
    pages.dividing.insert(parameter);
  } else {
    return pages;
  }
  if (!size.empty()) section.append("size_parameter", size);
  hide(size);
  const std::int64_t most = found.most == 0 ? kUsualMost : std::min(found.most, kMost);
  section.append("max_size", most);
  pages.section = std::move(section);
  return pages;
}

bool is_divided(const Operation& operation, const Pages& pages) {
  if (pages.dividing.empty()) return true;
  return std::ranges::any_of(operation.parameters, [&](const Parameter& each) {
    return each.place == Place::query && pages.dividing.contains(std::string(each.name));
  });
}

}  // namespace patchbay::openapi
