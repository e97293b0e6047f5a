#include "sandbox/language/query.h"

#include "base/text.h"
#include "http/message.h"
#include "http/url.h"

namespace patchbay::sandbox {

std::optional<Query> Query::parse(std::string_view raw) {
  auto values = http::parse_query(raw);
  if (!values) return std::nullopt;
  Query query;
  query.values_ = std::move(*values);
  return query;
}

std::optional<std::string_view> Query::find(std::string_view name) const {
  for (const auto& [key, value] : values_) {
    if (equal_ignoring_case(key, name)) return value;
  }
  return std::nullopt;
}

void Query::set(std::string_view name, std::string value) {
  for (auto& [key, old] : values_) {
    if (equal_ignoring_case(key, name)) {
      old = std::move(value);
      return;
    }
  }
  values_.emplace_back(name, std::move(value));
}

}  // namespace patchbay::sandbox
