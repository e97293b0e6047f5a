// Arguments from what a definition says of them.
#pragma once

#include <string>

#include "pack/definition.h"

namespace patchbay::pack {

// "summary contains" is a field and an operator; a field alone means "=".
struct FilterText {
  std::string field;
  FilterOperator op = FilterOperator::equal;
};
FilterText read_filter_text(std::string_view text, std::size_t line, const std::string& what,
                            Definition& definition);

// Those that the path does not hold go to `place`.
void read_parameters(const Node& node, const std::string& what, Method& method,
                     Definition& definition, ArgumentPlace place = ArgumentPlace::query);
void read_filters(const Node& node, const std::string& what, const Resource& resource,
                  const FieldSet& fields, Method& method, Definition& definition);
void read_body(const Node& node, const std::string& what, const Resource& resource,
               const FieldSet& fields, Method& method, Definition& definition);

}  // namespace patchbay::pack
