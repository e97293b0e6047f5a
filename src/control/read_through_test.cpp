// What is used is read once and held while there is room.
#include <atomic>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

#include "control/test_world.h"

namespace patchbay::control {
namespace {

using testing::World;

TEST_CASE("A token that is nobody's is asked for once in a moment") {
  World world;
  const auto token = vault::Token::generate(vault::TokenKind::mcp_server);
  const auto hash = world.vault->hash(token);
  CHECK(world.control->may_be_stored(hash));
  CHECK(world.find(token) == nullptr);
  CHECK_FALSE(world.control->may_be_stored(hash));
  // What was minted since is not hidden by that.
  const auto account = world.connect(world.root);
  world.mint(world.root, account.id);
  CHECK(world.control->may_be_stored(hash));
}

TEST_CASE("What leaves the memory is what was used least recently, and never what runs") {
  World world;
  const auto account = world.connect(world.root);
  std::vector<vault::Token> tokens;
  for (int i = 0; i < 200; ++i) {
    tokens.push_back(world.mint(world.root, account.id).token);
  }
  world.memory = 150'000;  // some 100 of them
  world.start_again();
  const auto in_memory = [&](std::size_t i) {
    return world.holder.current()->find_server(world.vault->hash(tokens[i]));
  };
  const auto runs = world.find(tokens[0]);
  runs->use->begin();
  const auto often = world.find(tokens[1]);
  for (std::size_t i = 2; i < tokens.size(); ++i) {
    REQUIRE(world.find(tokens[i]) != nullptr);
    often->use->note(world.holder.epoch());
  }
  CHECK(in_memory(0) == runs);
  CHECK(in_memory(1) == often);
  CHECK(in_memory(2) == nullptr);
  CHECK(in_memory(199) != nullptr);
  std::size_t held = 0;
  for (std::size_t i = 0; i < tokens.size(); ++i) held += in_memory(i) != nullptr ? 1 : 0;
  CHECK(held > 20);
  CHECK(held < 120);
  // It is only not in memory.
  CHECK(world.find(tokens[2])->id != "");
  CHECK(runs->use->running());
  runs->use->end();
}

TEST_CASE("API tokens leave the memory as servers do, and open when they are read again") {
  World world;
  std::vector<std::string> tokens;
  for (int i = 0; i < 200; ++i) {
    const auto made = world.control->create_api_token(world.root, "", "x", std::nullopt).value();
    tokens.emplace_back(made.token.reveal());
  }
  world.memory = 100'000;
  world.start_again();
  for (const std::string& token : tokens) REQUIRE(world.authenticate(token));
  std::size_t held = 0;
  for (const std::string& token : tokens) held += world.control->authenticate(token) ? 1 : 0;
  CHECK(held < 150);
  CHECK(held > 20);
  CHECK(world.authenticate(tokens[0]));
}

TEST_CASE("What is read while it is taken away is not served after that") {
  World world;
  const auto account = world.connect(world.root);
  for (int round = 0; round < 50; ++round) {
    const auto minted = world.mint(world.root, account.id);
    const auto hash = minted.row.hash;
    world.holder.set(std::make_shared<const Snapshot>());
    std::atomic<bool> gone = false;
    std::vector<std::thread> readers;
    for (int i = 0; i < 2; ++i) {
      readers.emplace_back([&] {
        while (!gone) CHECK(world.control->read_mcp_server(hash));
      });
    }
    REQUIRE(world.control->delete_mcp_server(world.root, account.id, minted.row.id));
    CHECK(world.holder.current()->find_server(hash) == nullptr);
    gone = true;
    for (std::thread& reader : readers) reader.join();
    CHECK(world.holder.current()->find_server(hash) == nullptr);
  }
}

TEST_CASE("A running call's server keeps its use over changes") {
  World world;
  const auto account = world.connect(world.root);
  const auto minted = world.mint(world.root, account.id);
  const auto before = world.find(minted.token);
  before->use->begin();
  REQUIRE(world.control->update_mcp_server(world.root, account.id, minted.row.id,
                                           {.config = json::Object{{"confirm_writes", true}}}));
  const auto after = world.find(minted.token);
  CHECK(after != before);
  CHECK(after->confirm_writes);
  CHECK(after->use->running());
  before->use->end();
}

}  // namespace
}  // namespace patchbay::control
