#include <doctest/doctest.h>

#include "sandbox/test_client.h"

using namespace patchbay;
using namespace patchbay::sandbox::testing;

TEST_CASE("every served collection lists, counts and gets its first record") {
  TestClient client;
  for (const auto& table : client.engine.database().tables()) {
    const sandbox::ResourceSpec& resource = table.resource();
    if (!resource.methods.list) continue;
    CAPTURE(resource.path);
    std::string path = "/" + std::string(resource.path);
    if (table.parent() != nullptr) {
      REQUIRE_FALSE(table.records().empty());
      const auto parent = table.parent_of(table.records().begin()->second);
      path.replace(path.find('{'), path.find('}') - path.find('{') + 1, std::to_string(*parent));
    }
    const TestReply list = client.get(path);
    CHECK(list.status == 200);
    REQUIRE(list.size() > 0);
    CHECK(client.get(path + "/count").body.int64_or("count", 0) > 0);
    if (!resource.methods.get) continue;
    const std::int64_t id = list.body.if_array()->front().int64_or("id", 0);
    CHECK(client.get(path + "/" + std::to_string(id)).text ==
          client.get(path + "/" + std::to_string(id) + "/").text);
  }
}
