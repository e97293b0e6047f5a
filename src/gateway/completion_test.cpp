// Names completed as a person types, over the sandbox: what is asked, and what is remembered.
#include <doctest/doctest.h>

#include "base/text.h"
#include "gateway/test_world.h"

namespace patchbay::gateway {

namespace {

NamesFound complete(World& world, Harness& harness, const std::string& tool, std::string typed) {
  NamesFound found;
  world.runtime.run(world.runtime.loop(0), [&]() -> io::Task<> {
    found = co_await harness.gateway().complete(*harness.tools->find(tool), std::move(typed),
                                                harness.context);
  });
  return found;
}

}  // namespace

TEST_CASE("completion: names that one answer holds are asked for once") {
  World world;
  const auto find = [&](const char* typed) {
    return complete(world, world.harness, "list_all_connect_wise_psa_boards", typed);
  };
  const auto all = find("");
  CHECK_FALSE(all.more);
  REQUIRE_FALSE(all.names.empty());
  world.psa.stop(std::chrono::milliseconds(0));
  // The upstream is gone; what was asked for is remembered.
  const auto some = find(all.names.front().substr(0, 3).c_str());
  CHECK(std::ranges::find(some.names, all.names.front()) != some.names.end());
}

TEST_CASE("completion: a list that one answer does not hold is narrowed by what was typed") {
  World world;
  // Pages of five, so that the sandbox's companies are many.
  auto small = std::make_shared<integration::Integration>(shipped_tools()->integration());
  small->pagination.max_size = 5;
  Harness harness(world.runtime, world.psa.port(), {}, kDemoCredentials,
                  *catalog::ToolCatalog::generate(small));
  const auto found =
      complete(world, harness, "list_all_connect_wise_psa_companies", "union street");
  REQUIRE_FALSE(found.names.empty());
  for (const auto& name : found.names) {
    CHECK_MESSAGE(to_lower(name).contains("union street"), name);
  }
}

TEST_CASE("completion: a list that needs a parent completes nothing") {
  World world;
  CHECK(complete(world, world.harness, "list_all_connect_wise_psa_board_statuses", "n")
            .names.empty());
}

}  // namespace patchbay::gateway
