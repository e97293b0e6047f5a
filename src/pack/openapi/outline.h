// Which resource each operation belongs to, and what method of it: by its path and verb alone, so
// that names are the same in the next version of a document, in whatever order it lists them.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "integration/model.h"
#include "pack/openapi/conventions.h"
#include "pack/openapi/list_shape.h"
#include "pack/openapi/operation.h"
#include "pack/openapi/path.h"

namespace patchbay::openapi {

using Shapes = std::unordered_map<const Operation*, ListShape>;

struct MethodOutline {
  const Operation* operation = nullptr;
  const ListShape* shape = nullptr;
  std::string name;
  integration::MethodKind kind = integration::MethodKind::custom;
  NamedPath path;
  std::string action;   // of a custom method: the words of its path, "copy"
  bool of_one = false;  // it concerns one record, which its path names
};

struct ResourceOutline {
  std::string key;       // "/service/boards/{}/statuses"
  std::string name;      // "service_board_statuses"
  std::string singular;  // "service_board_status"
  std::string noun;      // "board status", for sentences
  std::string nouns;     // "board statuses"
  std::vector<std::string> tags;
  bool is_collection = false;
  std::vector<MethodOutline> methods;

  const MethodOutline* find(std::string_view method) const;
};

// By name. What cannot stand in an address is left out of them and put on the list.
std::vector<ResourceOutline> outline(const Document& document, Operations& operations,
                                     const Shapes& shapes, const Conventions& conventions,
                                     std::string_view prefix);

// "GET /things/count" of a collection is what counts it.
inline constexpr std::string_view kCountAction = "count";

}  // namespace patchbay::openapi
