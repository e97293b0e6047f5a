// How a document's lists are divided, found by what most of them have in common.
#pragma once

#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "json/value.h"
#include "pack/openapi/gathered.h"
#include "pack/openapi/list_shape.h"
#include "pack/openapi/operation.h"

namespace patchbay::openapi {

struct Pages {
  json::Value section;  // `pagination` of integration.yaml; null: lists are not divided
  // Parameters that no list offers, since pages are Patchbay's own work.
  std::unordered_set<std::string> hidden;
  // What a list must have one of to be asked page by page; empty: any list is.
  std::unordered_set<std::string> dividing;
};

struct ListOperation {
  const Operation* operation = nullptr;
  const ListShape* shape = nullptr;
};

Pages find_pages(const std::vector<ListOperation>& lists, Gatherer& gatherer);

// Whether lists of these pages can be asked for page by page with the operation.
bool is_divided(const Operation& operation, const Pages& pages);

}  // namespace patchbay::openapi
