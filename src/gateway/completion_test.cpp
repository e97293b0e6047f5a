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

NamesFound complete_argument(World& world, const char* tool, std::string argument,
                             std::string typed, const char* others = "{}") {
  NamesFound found;
  const auto given = json::parse(others).value();
  world.runtime.run(world.runtime.loop(0), [&]() -> io::Task<> {
    found = co_await world.harness.gateway().complete_argument(
        *world.harness.tools->find(tool), std::move(argument), std::move(typed), *given.if_object(),
        world.harness.context);
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

TEST_CASE("completion: an argument that names records is completed with their names") {
  World world;
  constexpr const char* kCreate = "create_a_connect_wise_psa_ticket";
  const auto companies = complete_argument(world, kCreate, "company", "acme");
  REQUIRE_FALSE(companies.names.empty());
  CHECK(companies.names.front().starts_with("Acme"));
  CHECK(complete_argument(world, kCreate, "company", "no such company").names.empty());
  // What names no record, and what is not there.
  CHECK(complete_argument(world, kCreate, "summary", "a").names.empty());
  CHECK(complete_argument(world, kCreate, "nonsense", "a").names.empty());
}

TEST_CASE("completion: what belongs to a board is completed within the one that is said") {
  World world;
  constexpr const char* kCreate = "create_a_connect_wise_psa_ticket";
  const auto of = [&](const char* others) {
    return complete_argument(world, kCreate, "status", "", others).names;
  };
  CHECK(of("{}").empty());
  CHECK(of(R"({"board":"No such board"})").empty());
  const auto statuses = of(R"({"board":"Server Team","summary":"x"})");
  REQUIRE_FALSE(statuses.empty());
  CHECK(std::ranges::any_of(statuses, [](const auto& name) { return name.starts_with("New"); }));
  const auto some = complete_argument(world, kCreate, "status", statuses.front().substr(0, 3),
                                      R"({"board":"Server Team"})");
  CHECK(std::ranges::find(some.names, statuses.front()) != some.names.end());
}

TEST_CASE("completion: of an update the record's own board is what a status belongs to") {
  World world;
  constexpr const char* kUpdate = "update_a_connect_wise_psa_ticket_by_id";
  CHECK_FALSE(complete_argument(world, kUpdate, "status", "", R"({"id":5012})").names.empty());
  CHECK(complete_argument(world, kUpdate, "status", "").names.empty());
  CHECK(complete_argument(world, kUpdate, "status", "", R"({"id":99999999})").names.empty());
}

}  // namespace patchbay::gateway
