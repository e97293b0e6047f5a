// Tools as this API shows them, with what they cost a model.
#pragma once

#include <cstddef>
#include <cstdint>

#include "catalog/tool.h"
#include "json/value.h"

namespace patchbay::admin {

// About: a token for each four bytes of what clients hand to a model of a tool as MCP lists it, its
// name, description and input schema. Titles and hints are for people.
std::int64_t tokens_estimate(const json::Value& listed);

// Of one tool among others. `tool` null: it is no resource's.
json::Object brief_view(const json::Value& listed, const catalog::Tool* tool);

}  // namespace patchbay::admin
