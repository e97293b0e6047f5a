// Fixture tools with questions for the client.
#pragma once

#include <vector>

#include "mcp/conformance/fixture_tools.h"

namespace patchbay::mcp::conformance {

// Requests on the call's own stream, for clients before 2026-07-28.
std::vector<FixtureTool> legacy_question_fixtures();
// Rounds of input_required, for those since.
std::vector<FixtureTool> input_required_fixtures();

}  // namespace patchbay::mcp::conformance
