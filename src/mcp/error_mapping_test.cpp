#include "mcp/error_mapping.h"

#include <doctest/doctest.h>

using namespace patchbay;
using namespace patchbay::mcp;

TEST_CASE("what the caller can mend is -32602, what it cannot is -32603") {
  CHECK(to_fault({ErrorCode::invalid_argument, "Bad.", ""}).code == -32602);
  CHECK(to_fault({ErrorCode::not_found, "No board 7.", "List boards."}).message ==
        "No board 7. List boards.");
  CHECK(to_fault({ErrorCode::upstream, "Bad gateway.", ""}).code == -32603);
}

TEST_CASE("an internal error tells nothing of our insides") {
  const Fault fault = to_fault({ErrorCode::internal, "SELECT * FROM servers failed", "see core"});
  CHECK(fault.code == -32603);
  CHECK(fault.message.find("SELECT") == std::string::npos);
  CHECK(fault.message.find("core") == std::string::npos);
}
