// One method of a resource.
#pragma once

#include <string>

#include "pack/definition.h"

namespace patchbay::pack {

// `shared_parameters`: the resource's, or null.
Method read_method(const std::string& name, const Node& node, const Resource& resource,
                   const FieldSet& fields, const Node* shared_parameters, Definition& definition);

}  // namespace patchbay::pack
