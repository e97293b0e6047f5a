// How methods are called, and that no two of an integration make the same tool.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "integration/model.h"
#include "pack/openapi/operation.h"

namespace patchbay::openapi {

struct MethodOutline;
struct ResourceOutline;

// What the operation's path is to its resource.
enum class MethodPlace : std::uint8_t {
  collection,  // all records
  record,      // one of them
  action,      // something below either
  single,      // a thing of which there is one
};

// `is_list`: its answer is a list that is asked for page by page.
std::string method_name(const Operation& operation, MethodPlace place, std::string_view action,
                        bool is_list);

std::string tool_of(std::string_view prefix, const ResourceOutline& resource,
                    const MethodOutline& method);

// Gives resources another singular, and custom methods another name, where tools would share one.
void make_tools_unique(std::vector<ResourceOutline>& resources, std::string_view prefix);

}  // namespace patchbay::openapi
