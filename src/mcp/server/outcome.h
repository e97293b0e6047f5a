// What becomes of running something on a server: a tool, a prompt, a resource.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "json/value.h"
#include "mcp/wire/fault.h"
#include "mcp/wire/result.h"

namespace patchbay::mcp {

// The usual result of a tool: one text, which is JSON that a model reads.
struct TextOutcome {
  std::string text;
  bool is_error = false;
  std::optional<RateLimit> rate_limit;
  bool structured = false;     // the text is a JSON object and goes also into structuredContent
  std::string further_blocks;  // content blocks after the text, as JSON: ",{…}" for each
};

// Any other result: the members of its object.
struct ObjectOutcome {
  json::Object members;
};

// The call cannot go on without answers from the user (2026-07-28). The client calls again with
// them, and with `state`, which travels sealed and opens for the same call only.
struct InputRequired {
  json::Object requests;  // key → {"method": "elicitation/create", "params": {…}}
  json::Value state;      // null: none
};

using ServerOutcome = std::variant<TextOutcome, ObjectOutcome, InputRequired, Fault>;

}  // namespace patchbay::mcp
