// The files of the pack: integration.yaml, and one a resource.
#pragma once

#include <string>
#include <vector>

#include "pack/loader.h"
#include "pack/openapi/conventions.h"
#include "pack/openapi/document.h"
#include "pack/openapi/faults.h"
#include "pack/openapi/outline.h"
#include "pack/openapi/plain_schema.h"

namespace patchbay::openapi {

std::vector<pack::PackFile> write_pack(const Document& document, const std::string& name,
                                       const Conventions& conventions,
                                       const std::vector<ResourceOutline>& resources,
                                       PlainSchemas& schemas, Faults& faults);

}  // namespace patchbay::openapi
