// The tools among the fixtures, and what their content is made with.
#pragma once

#include <string_view>
#include <vector>

#include "mcp/conformance/fixture_server.h"

namespace patchbay::mcp::conformance {

struct FixtureTool {
  std::string_view name;
  std::string_view description;
  std::string_view input_schema;  // JSON; empty: no arguments
  io::Task<ServerOutcome> (*run)(const FixtureServer& server, const json::Value& arguments,
                                 Conversation& conversation);
};
// All of them, those of fixture_questions.h too, in listing order.
const std::vector<FixtureTool>& fixture_tools();

// A PNG of one red pixel, in base64.
inline constexpr std::string_view kRedPixel =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJg"
    "gg==";

json::Value text_block(std::string_view text);
ServerOutcome text_outcome(std::string_view text);
ServerOutcome content_outcome(json::Array content);

}  // namespace patchbay::mcp::conformance
