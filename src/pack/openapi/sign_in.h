// Where an API is reached and how one signs in, by what its document says: what an operator enters.
#pragma once

#include "json/value.h"
#include "pack/openapi/conventions.h"
#include "pack/openapi/document.h"
#include "pack/openapi/faults.h"

namespace patchbay::openapi {

// Adds `base_url`, `credentials`, `auth` and `headers` to integration.yaml.
void write_sign_in(const Document& document, const Conventions& conventions, Faults& faults,
                   json::Object& out);

}  // namespace patchbay::openapi
