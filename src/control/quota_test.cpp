// Never more than the quota, whoever asks, and what is counted of servers.
#include "control/quota.h"

#include <thread>
#include <vector>

#include <doctest/doctest.h>

#include "control/test_world.h"
#include "json/parse.h"

namespace patchbay::control {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using testing::World;
using Is = QuotaMeter::Answer::Is;
using What = QuotaMeter::What;

json::Value json_of(std::string_view text) {
  return json::parse(text).value();
}

// A server with this quota, as one node calls it.
struct Called {
  Called(World& the_world, std::string_view quota)
      : world(the_world),
        account(world.connect(world.root)),
        minted(world.mint(world.root, account.id, json::Object{{"quota", json_of(quota)}})) {}
  std::shared_ptr<const McpServer> server() const { return world.find(minted.token); }
  Is count(What what = What::call) const { return ask(what).is; }
  QuotaMeter::Answer ask(What what = What::call) const {
    const auto found = server();
    auto answer = found->quota->count(what, world.clock.now());
    if (answer.is != Is::unknown) return answer;
    REQUIRE(world.control->take_quota(*found, what));
    return found->quota->count(what, world.clock.now());
  }
  int count_all(What what = What::call) const {
    int counted = 0;
    while (count(what) == Is::counted) ++counted;
    return counted;
  }
  void change(std::string_view quota) {
    REQUIRE(world.control->update_mcp_server(world.root, account.id, minted.row.id,
                                             {.config = json::Object{{"quota", json_of(quota)}}}));
  }

  World& world;
  store::AccountRow account;
  Minted<store::McpServerRow> minted;
};

TEST_CASE("As many calls as the quota has, and with the next period as many again") {
  World world;
  const Called one(world, R"({"calls_per_minute":7})");
  CHECK(one.count_all() == 7);
  const auto spent = one.ask();
  CHECK(spent.is == Is::spent);
  CHECK(spent.told->limit == 7);
  CHECK(spent.told->remaining == 0);
  CHECK(spent.told->resets_at > world.clock.now());
  world.clock.advance(spent.told->resets_at - world.clock.now() - std::chrono::milliseconds(1));
  CHECK(one.count() == Is::spent);
  world.clock.advance(std::chrono::milliseconds(1));
  CHECK(one.ask().told->remaining == 6);
  CHECK(one.count_all() == 6);
}

TEST_CASE("Of several quotas the one that is used up holds, and the nearest is told") {
  World world;
  const Called one(world, R"({"calls_per_minute":3,"calls_per_day":5,"writes_per_day":1})");
  CHECK(one.ask().told->which == store::QuotaOf::calls_of_minute);
  CHECK(one.count_all() == 2);
  CHECK(one.count(What::write) == Is::counted);
  CHECK(one.ask(What::write).told->which == store::QuotaOf::writes_of_day);
  CHECK(one.count(What::write) == Is::spent);
  world.clock.advance(seconds(60));
  CHECK(one.count_all() == 2);
  const auto spent = one.ask();
  CHECK(spent.told->which == store::QuotaOf::calls_of_day);
  CHECK(spent.told->resets_at.time_since_epoch() % hours(24) == seconds(0));
  world.clock.advance(hours(24));
  CHECK(one.count_all() == 3);
}

TEST_CASE(
    "Neither a restart, nor leaving the memory, nor a clock that goes back gives a fresh day") {
  World world;
  const Called one(world, R"({"calls_per_day":100})");
  for (int i = 0; i < 42; ++i) REQUIRE(one.count() == Is::counted);
  world.start_again();
  world.clock.advance(-hours(48));
  const int after = one.count_all();
  CHECK(after <= 58);
  CHECK(after >= 58 - 5);  // what was set aside
  world.start_again();
  CHECK(one.count() == Is::spent);
}

TEST_CASE("Two nodes share a quota") {
  World world;
  const Called one(world, R"({"calls_per_day":200})");
  const auto here = one.server();
  QuotaMeter there(here->quota->limits());
  int counted = 0;
  for (bool some = true; some;) {
    some = false;
    for (QuotaMeter* meter : {here->quota.get(), &there}) {
      auto answer = meter->count(What::call, world.clock.now());
      if (answer.is == Is::unknown) {
        meter->put(world.repository
                       ->take_quota(one.minted.row.id, meter->wishes(What::call, world.clock.now()))
                       .value());
        answer = meter->count(What::call, world.clock.now());
      }
      if (answer.is == Is::counted) ++counted, some = true;
    }
  }
  CHECK(counted == 200);
}

TEST_CASE("A quota that is changed holds from then on, and a change of another member keeps it") {
  World world;
  Called one(world, R"({"calls_per_day":100})");
  for (int i = 0; i < 10; ++i) REQUIRE(one.count() == Is::counted);
  const auto meter = one.server()->quota;
  REQUIRE(
      world.control->update_mcp_server(world.root, one.account.id, one.minted.row.id,
                                       {.config = json::Object{{"tags", json::Array{"support"}}}}));
  CHECK(one.server()->quota == meter);
  one.change(R"({"calls_per_day":8})");
  CHECK(one.count() == Is::spent);
  one.change(R"({"calls_per_day":20})");
  CHECK(one.count_all() <= 10);
  one.change("null");
  CHECK(one.server()->quota == nullptr);
}

TEST_CASE("Many threads at once count no more than there is") {
  World world;
  const Called one(world, R"({"calls_per_day":500})");
  const auto server = one.server();
  std::atomic<int> counted = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      while (true) {
        const auto answer = server->quota->count(What::call, world.clock.now());
        if (answer.is == Is::spent) return;
        if (answer.is == Is::counted) {
          ++counted;
          continue;
        }
        QuotaMeter::Waiting waiting(*server->quota);
        if (!waiting.take_turn()) continue;
        static_cast<void>(world.control->take_quota(*server, What::call));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(counted == 500);
}

TEST_CASE("What a server is used for is counted, kept, and no change of it") {
  World world;
  const auto account = world.connect(world.root);
  const auto minted = world.mint(world.root, account.id);
  const auto usage = [&] {
    const auto rows = world.control->mcp_servers(world.root, account.id).value();
    const auto all = world.control->usage(rows).value();
    const auto found = all.find(minted.row.id);
    return found == all.end() ? ServerUsage{} : found->second;
  };
  CHECK_FALSE(usage().last_used_at);
  const auto revision = world.repository->revision().value();
  const auto server = world.find(minted.token);
  server->use->let_in();
  REQUIRE(world.control->keep_use());
  CHECK(usage().last_used_at == world.clock.now());
  CHECK(usage().calls_today == 0);
  server->use->called(false);
  server->use->called(true);
  world.clock.advance(seconds(5));
  REQUIRE(world.control->keep_use());
  server->use->called(false);
  // A change of the server, and its leaving the memory, lose nothing.
  REQUIRE(world.control->update_mcp_server(world.root, account.id, minted.row.id, {.name = "New"}));
  REQUIRE(world.control->keep_use());
  CHECK(usage().calls_today == 3);
  CHECK(usage().errors_today == 1);
  CHECK(world.repository->revision().value() == revision + 1);
  const auto before = world.control->mcp_server(world.root, account.id, minted.row.id).value();
  REQUIRE(world.control->keep_use());
  const auto after = world.control->mcp_server(world.root, account.id, minted.row.id).value();
  CHECK(after.version == before.version);
  CHECK(after.updated_at == before.updated_at);
  world.start_again();
  CHECK(usage().calls_today == 3);
  world.clock.advance(hours(24));
  CHECK(usage().calls_today == 0);
  CHECK(usage().last_used_at);
}

}  // namespace
}  // namespace patchbay::control
