// What a method has beyond its request.
#pragma once

#include "pack/definition.h"

namespace patchbay::pack {

// Defaults of lists. Refuses what says nothing to this method, or what the API could not be asked.
void read_list_extras(MappingReader& reader, const Resource& resource, const FieldSet& fields,
                      Method& method, Definition& definition);
// Whose record the call is about.
void read_record_path(MappingReader& reader, Method& method);
// What the body is beside its fields, and what each request says whatever the arguments.
void read_body_form(MappingReader& reader, const FieldSet& fields, Method& method,
                    Definition& definition);
void read_expansions(MappingReader& reader, Method& method, Definition& definition);
void read_combinations(MappingReader& reader, Method& method, Definition& definition);

}  // namespace patchbay::pack
