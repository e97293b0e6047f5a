#include "control/server_warnings.h"

#include <doctest/doctest.h>

#include "control/test_world.h"
#include "json/parse.h"

namespace patchbay::control {
namespace {

using testing::World;

struct Warned {
  World world;
  store::AccountRow account;

  explicit Warned(int resources) {
    auto integration = testing::fake_integration();
    integration->resources.clear();
    for (int i = 0; i < resources; ++i) {
      integration->resources.push_back(
          testing::fake_resource("things_" + std::to_string(1000 + i) + "s", {"support"}));
    }
    world.control->set_catalog(catalog::ToolCatalog::generate(integration).value());
    account = world.connect(world.root);
  }
  std::vector<ServerWarning> operator()(std::string_view config, std::int64_t tokens = 0) {
    const auto minted = world.mint(world.root, account.id, json::parse(config).value());
    return warnings_on(*world.control->live(minted.row), tokens);
  }
};

}  // namespace

TEST_CASE("more tools than 128 are warned of, with how many and what to do") {
  CHECK(Warned(25)("{}").empty());
  Warned warned(26);
  const auto warnings = warned("{}");
  REQUIRE(warnings.size() == 1);
  CHECK(warnings[0].code == "many_tools");
  CHECK(warnings[0].message.contains("130 tools"));
  CHECK(warnings[0].message.contains("2 more than the 128"));
  CHECK(warnings[0].hint.contains("config.tags"));
  CHECK(warnings[0].hint.contains("discovery"));
  CHECK(warned(R"({"tool_exposure":"discovery"})").empty());
  CHECK(warned(R"({"methods":["read"]})").empty());
}

TEST_CASE("more tokens than 25,000 are warned of") {
  Warned warned(2);
  CHECK(warned("{}", 25'000).empty());
  const auto warnings = warned("{}", 50'000);
  REQUIRE(warnings.size() == 1);
  CHECK(warnings[0].code == "many_tokens");
  CHECK(warnings[0].message.contains("50000"));
  CHECK(warnings[0].message.contains("25 %"));
}

}  // namespace patchbay::control
