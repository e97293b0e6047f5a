// Tools as this API shows them, with what they cost a model.
#pragma once

#include "catalog/tool.h"
#include "json/value.h"

namespace patchbay::admin {

// Of one tool among others. `tool` null: it is no resource's.
json::Object brief_view(const json::Value& listed, const catalog::Tool* tool);

}  // namespace patchbay::admin
