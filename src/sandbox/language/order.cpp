#include "sandbox/language/order.h"

#include <algorithm>

#include <fmt/core.h>

#include "base/text.h"
#include "sandbox/records/collation.h"

namespace patchbay::sandbox {
namespace {

std::strong_ordering as_strong(std::partial_ordering order) {
  if (order < 0) return std::strong_ordering::less;
  return order > 0 ? std::strong_ordering::greater : std::strong_ordering::equal;
}

struct Sortable {
  const Record* record = nullptr;
  std::vector<Cell> keys;
};

}  // namespace

std::strong_ordering compare_cells(const Cell& a, const Cell& b) {
  if (is_null(a) || is_null(b))
    return static_cast<int>(is_null(b)) <=> static_cast<int>(is_null(a));
  if (a.index() != b.index()) return as_strong(double_or(a, 0) <=> double_or(b, 0));
  if (const auto* text = std::get_if<std::string>(&a)) {
    return compare_text(*text, std::get<std::string>(b));
  }
  if (const auto* flag = std::get_if<bool>(&a)) {
    return static_cast<int>(*flag) <=> static_cast<int>(std::get<bool>(b));
  }
  if (const auto* whole = std::get_if<std::int64_t>(&a))
    return *whole <=> std::get<std::int64_t>(b);
  if (const auto* instant = std::get_if<Instant>(&a)) return *instant <=> std::get<Instant>(b);
  if (const auto* to = std::get_if<RecordReference>(&a))
    return *to <=> std::get<RecordReference>(b);
  if (std::holds_alternative<double>(a)) return as_strong(double_or(a, 0) <=> double_or(b, 0));
  return std::strong_ordering::equal;
}

ApiResult<std::vector<SortKey>> parse_order(std::string_view text, const Database& db,
                                            const Table& table) {
  std::vector<SortKey> keys;
  if (trim(text).empty()) return keys;
  for (std::string_view part : split(text, ',')) {
    part = trim(part);
    const std::size_t blank = part.find_first_of(" \t");
    const std::string_view name = part.substr(0, blank);
    const std::string_view direction =
        blank == std::string_view::npos ? "asc" : trim(part.substr(blank));
    std::optional<FieldPath> path = find_filterable(db, table, name);
    if (!path) return std::unexpected(unknown_name(name));
    const bool descending = equal_ignoring_case(direction, "desc");
    if (!descending && !equal_ignoring_case(direction, "asc")) {
      return std::unexpected(
          bad_condition(fmt::format("'{}' is not a sort direction: asc or desc.", direction)));
    }
    keys.push_back({std::move(*path), descending});
  }
  return keys;
}

void sort_records(std::vector<const Record*>& records, const std::vector<SortKey>& keys,
                  const Database& db) {
  if (keys.empty()) return;  // they come in the order of their ids
  std::vector<Sortable> sortable;
  sortable.reserve(records.size());
  Cell scratch;
  for (const Record* record : records) {
    Sortable one{record, {}};
    one.keys.reserve(keys.size());
    for (const SortKey& key : keys) one.keys.push_back(key.path.read(db, *record, scratch));
    sortable.push_back(std::move(one));
  }
  std::ranges::sort(sortable, [&](const Sortable& a, const Sortable& b) {
    for (std::size_t i = 0; i < keys.size(); ++i) {
      const std::strong_ordering order = compare_cells(a.keys[i], b.keys[i]);
      if (order != 0) return keys[i].descending ? order > 0 : order < 0;
    }
    return a.record->id < b.record->id;
  });
  std::ranges::transform(sortable, records.begin(), &Sortable::record);
}

}  // namespace patchbay::sandbox
