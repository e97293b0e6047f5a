// Whether an operation gives a list, and where in its answer the records stand.
#pragma once

#include <string>

#include "json/value.h"
#include "pack/openapi/gathered.h"
#include "pack/openapi/operation.h"

namespace patchbay::openapi {

struct ListShape {
  bool is_list = false;
  std::string records_path;             // "/items"; "" where the answer is the list
  const json::Value* record = nullptr;  // the schema of one record, or of what is no list
};

// An array, or an object with one array among members that tell of pages. `noun`: what the list is
// called, by the path's end.
ListShape shape_of(const Operation& operation, std::string_view noun, Gatherer& gatherer);

}  // namespace patchbay::openapi
