// Documents: listed by the record they belong to, uploaded by multipart, downloaded as they came:
// /system/documents.
#pragma once

#include <span>
#include <vector>

#include "sandbox/records/resource.h"

namespace patchbay::sandbox {

struct ModuleEndpoint;

std::span<const ResourceSpec> document_resources();

void add_document_endpoints(std::vector<ModuleEndpoint>& out);

}  // namespace patchbay::sandbox
