// Fields by their path in the upstream's language ("board/name"), without regard to case.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "integration/model.h"

namespace patchbay::dialect {

struct FoundField {
  std::string path;  // as the definition spells it
  // Null where the definition does not list the children of a reference or object: it exists as far
  // as anyone knows.
  const integration::Field* field = nullptr;
  bool within_array = false;
};

std::optional<FoundField> find_path(const std::vector<integration::Field>& fields,
                                    std::string_view path);

enum class FieldUse : std::uint8_t { filter, filter_children, sort, response };

// Whether the field may stand there. A reference or object itself is no value to filter or sort by.
bool usable(const FoundField& found, FieldUse use);

// The up to `at_most` paths nearest to `wanted` among those that may stand there.
std::vector<std::string> nearest_paths(const std::vector<integration::Field>& fields,
                                       std::string_view wanted, FieldUse use, std::size_t at_most);

// "Did you mean a, b or c?", or "" for none.
std::string did_you_mean(const std::vector<std::string>& names);

}  // namespace patchbay::dialect
