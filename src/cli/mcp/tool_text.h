// Tools and their results as a person reads them, and arguments as a tool wants them.
#pragma once

#include <string>

#include "base/error.h"
#include "json/value.h"

namespace patchbay::cli {

// "read", "write", "write, deletes": what its annotations say.
std::string effect_of(const json::Value& tool);
// Description, arguments and annotations, fit for a terminal.
std::string tool_text(const json::Value& tool);
// The contents of a result; JSON is indented, and what is no text is told of.
std::string result_text(const json::Value& result);

// Texts that were typed for numbers and booleans made these, and one text for a list a list, by the
// tool's schema. With `dry_run`, that argument as well: error unsupported where the tool has none.
Result<json::Object> fit_arguments(const json::Value& tool, json::Object arguments, bool dry_run);

}  // namespace patchbay::cli
