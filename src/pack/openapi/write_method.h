// A method as the pack's YAML says it.
#pragma once

#include <string>

#include "json/value.h"
#include "pack/openapi/conventions.h"
#include "pack/openapi/describe.h"
#include "pack/openapi/outline.h"
#include "pack/openapi/plain_schema.h"
#include "pack/openapi/records.h"

namespace patchbay::openapi {

class MethodWriter {
 public:
  MethodWriter(const Conventions& conventions, PlainSchemas& schemas, const Descriptions& words)
      : conventions_(conventions), schemas_(schemas), words_(words) {}

  json::Value write(const ResourceOutline& resource, const RecordFields& record,
                    const MethodOutline& method);

 private:
  const Conventions& conventions_;
  PlainSchemas& schemas_;
  const Descriptions& words_;
};

}  // namespace patchbay::openapi
