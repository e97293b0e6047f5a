// What an operation sends and what it answers: of several forms, the one that a tool can have.
#pragma once

#include <deque>
#include <vector>

#include "json/value.h"
#include "pack/openapi/document.h"
#include "pack/openapi/operation.h"

namespace patchbay::openapi {

// `form`: the parts of a form, as Swagger lists them among the parameters. `made` keeps the schema
// that they make.
void read_body(const Document& document, const json::Value& given,
               const std::vector<const json::Value*>& form, Operation& operation,
               std::deque<json::Value>& made);

void read_answer(const Document& document, const json::Value& given, Operation& operation);

}  // namespace patchbay::openapi
