// The family that an API belongs to: that of a shipped pack whose lists take the same expressions.
// Then the pack's integration.yaml says how the API speaks, and nothing is guessed.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "integration/model.h"
#include "json/value.h"
#include "pack/openapi/pages.h"

namespace patchbay::openapi {

struct Family {
  std::string name;       // of the pack
  json::Object sections;  // of its integration.yaml, what is said of the API and not of resources
  std::shared_ptr<const integration::Integration> integration;

  // A raw expression that its lists take by this parameter ("childConditions").
  bool has_expression(std::string_view parameter) const;
  // A fact about a record that stands in a member of its own; null if there is none of that name.
  const integration::Field* fact(std::string_view name) const;
};

std::optional<Family> find_family(const std::vector<ListOperation>& lists);

// The pages of such an API. What its operations call a page in other words is hidden too.
Pages pages_of(const Family& family, const std::vector<ListOperation>& lists);

}  // namespace patchbay::openapi
