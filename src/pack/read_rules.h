// What a method asks of its arguments together, and what it answers to those that it does not take.
#pragma once

#include <string>

#include "pack/definition.h"

namespace patchbay::pack {

// `clear`: the arguments of an update whose fields may be emptied.
void read_clearable(MappingReader& reader, Method& method, Definition& definition);
// `one_of`: one of these must be given. Told in the description.
void read_one_of(MappingReader& reader, Method& method, Definition& definition);

// `instead_of`, of integration.yaml, a resource or a method: kept until all tools are known.
void read_instead_of(MappingReader& reader, const std::string& resource, const std::string& method,
                     Definition& definition);
// Gives each method what is said of arguments that it does not take. What stands nearest to a
// method wins.
void link_instead_of(Definition& definition);

}  // namespace patchbay::pack
