// What a document's operations have in common, and what of it an integration can use.
#pragma once

#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "json/value.h"
#include "pack/openapi/family.h"
#include "pack/openapi/operation.h"
#include "pack/openapi/pages.h"

namespace patchbay::openapi {

struct Conventions {
  std::optional<Family> family;
  Pages pages;
  std::string update;  // the dialect that writes updates by PATCH
  // Headers that most operations ask for: they are credentials, in small letters.
  std::unordered_set<std::string> headers;

  // Whether the dialect of updates writes what this PATCH takes.
  bool writes(const Operation& operation) const;
};

Conventions find_conventions(const Operations& operations, const std::vector<ListOperation>& lists,
                             Gatherer& gatherer);

// Why no tool can send the operation; nothing: one can.
std::optional<std::string> why_left_out(const Operation& operation, const Conventions& conventions,
                                        Gatherer& gatherer);

}  // namespace patchbay::openapi
