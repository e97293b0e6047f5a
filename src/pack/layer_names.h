// What the tools of an import are called once a hand-written pack lies over it: its texts name
// tools ("boardId: from list_all_x_boards"), and some of these have another name there, or another
// tool in their place.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

#include "yaml/yaml.h"

namespace patchbay::pack {

// A method as a definition's files have it: its resource's name and node, its own.
struct MethodPlace {
  std::string_view resource;
  const yaml::Node& root;
  std::string_view method;
  const yaml::Node& node;
};

// "acme", of the node of an integration.yaml.
std::string tool_prefix_of(const yaml::Node& main);
std::string tool_name_of(std::string_view prefix, const MethodPlace& place);

class RenamedTools {
 public:
  void add(std::string before, std::string after);
  // The text with the names that its tools have now.
  std::string rewritten(std::string_view text) const;

 private:
  std::unordered_map<std::string, std::string> names_;
};

}  // namespace patchbay::pack
