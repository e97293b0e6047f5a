// What a method sends: its body's members as arguments.
#pragma once

#include "json/value.h"
#include "pack/openapi/arguments.h"
#include "pack/openapi/conventions.h"
#include "pack/openapi/outline.h"
#include "pack/openapi/plain_schema.h"
#include "pack/openapi/records.h"

namespace patchbay::openapi {

void write_body(const ResourceOutline& resource, const RecordFields& record,
                const MethodOutline& method, const Conventions& conventions, PlainSchemas& schemas,
                Arguments& arguments);

// `encoding`, `file` and `parts` of a form with a file.
void write_form(const MethodOutline& method, PlainSchemas& schemas, json::Object& out);

}  // namespace patchbay::openapi
