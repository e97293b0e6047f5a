#include "control/server_warnings.h"

#include <algorithm>

#include <doctest/doctest.h>

#include "control/test_world.h"
#include "json/parse.h"

namespace patchbay::control {
namespace {

using testing::World;

struct Warned {
  World world;
  store::AccountRow account;

  explicit Warned(int resources, std::string server_name = "") {
    auto integration = testing::fake_integration();
    integration->server_name = std::move(server_name);
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
  static std::string codes(const std::vector<ServerWarning>& warnings) {
    std::string all;
    for (const ServerWarning& warning : warnings) all += std::string(warning.code) + " ";
    return all;
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

TEST_CASE("names that do not fit with the server's name are warned of, by how it is called") {
  // "get_single_desk_things_1000_by_id" has 33 characters, "delete_a_desk_things_1000_by_id" 31.
  CHECK(Warned(1, std::string(27, 'n'))("{}").empty() == false);
  CHECK(Warned(1)("{}").empty());
  Warned warned(1, std::string(28, 'n'));
  const auto warnings = warned("{}");
  REQUIRE(Warned::codes(warnings) == "long_names ");
  CHECK(warnings[0].message.contains("1 of 5 tools are dropped without a word by Cursor"));
  CHECK(warnings[0].message.contains("do not fit clients that call them mcp__nnn"));
  CHECK(warnings[0].message.contains("get_single_desk_things_1000_by_id"));
  CHECK(warnings[0].hint.contains("tool_names"));
  CHECK(warnings[0].fits_as.empty());
  const auto short_names = warned(R"({"tool_names":"short"})");
  CHECK(short_names.empty());
  CHECK(warned(R"({"tool_exposure":"discovery"})").empty());
}

}  // namespace patchbay::control
