// The query string: names without regard to case, as the API takes them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace patchbay::sandbox {

class Query {
 public:
  // Nothing on a broken percent escape.
  static std::optional<Query> parse(std::string_view raw);

  // The first of that name; nothing if it is absent.
  std::optional<std::string_view> find(std::string_view name) const;
  // Empty if it is absent.
  std::string_view get(std::string_view name) const { return find(name).value_or(""); }
  // Replaces or adds. For parameters that came in a body.
  void set(std::string_view name, std::string value);

 private:
  std::vector<std::pair<std::string, std::string>> values_;
};

}  // namespace patchbay::sandbox
