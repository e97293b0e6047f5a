// The fields of a resource's records, for whoever must name some: a text that a model reads when it
// needs it, so that no listing pays for it. Its address is one for all resources of an integration
// but for the resource's name:
//
//   patchbay://connectwise_psa/fields/tickets
//
// At most kMostGuideBytes, which are some 1,500 tokens. Fields stand in lines by what they hold, so
// that this is said once; of several hundred the last are left out of their line, and counted.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/tool.h"
#include "integration/model.h"
#include "reach/reach.h"

namespace patchbay::catalog {

inline constexpr std::size_t kMostGuideBytes = 4'800;

// The address with a place for the resource's name, "{resource}", as RFC 6570 has it.
std::string field_guide_template(const integration::Integration& integration);
std::string field_guide_uri(const integration::Integration& integration,
                            const integration::Resource& resource);

// The resource that an address names, if the toolset has a tool of its own for its records; null
// for any other text.
const integration::Resource* find_field_guide(const Toolset& toolset, std::string_view uri);
// The names of those resources, in the order of the listing.
std::vector<std::string> field_guide_names(const Toolset& toolset);
bool has_field_guides(const Toolset& toolset);  // whether there is one

// `reach`: what the server is held to, null: nothing. A server that is held to some records
// compares by what its list shows only.
std::string field_guide(const Toolset& toolset, const integration::Resource& resource,
                        const reach::Reach* reach);

}  // namespace patchbay::catalog
