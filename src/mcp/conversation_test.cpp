// What a conversation tells of a call's progress.
#include "mcp/server/conversation.h"

#include <thread>
#include <vector>

#include <doctest/doctest.h>

#include "json/parse.h"

using namespace patchbay;
using namespace patchbay::mcp;

namespace {

struct Told {
  double value = -1;
  double total = -1;
  std::string message;
};

std::vector<Told> all_told(Conversation& conversation) {
  std::vector<Told> out;
  while (const auto event = conversation.outbox->pop()) {
    const std::size_t begin = event->find("data: ") + 6;
    const auto message = json::parse(event->substr(begin, event->find('\n', begin) - begin));
    REQUIRE(message.has_value());
    const json::Value* params = message->find("params");
    const json::Value* total = params->find("total");
    out.push_back({.value = params->find("progress")->as_double().value(),
                   .total = total != nullptr ? total->as_double().value() : -1,
                   .message = std::string(params->string_or("message", ""))});
  }
  return out;
}

void wait_a_little() {
  std::this_thread::sleep_for(std::chrono::milliseconds(25));  // progress comes no closer than 20
}

}  // namespace

TEST_CASE("what only runs grows towards the next whole, and what is done is told when it is") {
  Conversation conversation;
  conversation.outbox = std::make_shared<Outbox>();
  conversation.progress_token = "7";
  CHECK(conversation.beat());
  CHECK(conversation.beat());
  conversation.waits_for = [] { return std::string("Waiting for the API."); };
  CHECK(conversation.beat());
  conversation.progress(1, 3, "notes");
  for (int i = 0; i < 10; ++i) CHECK(conversation.beat());
  wait_a_little();
  conversation.progress(1.5, 3, "less than was told");
  wait_a_little();
  conversation.progress(3, 3, "entries");
  CHECK(conversation.beat());
  const std::vector<Told> told = all_told(conversation);
  REQUIRE(told.size() == 16);
  for (std::size_t i = 1; i < told.size(); ++i) CHECK(told[i].value > told[i - 1].value);
  CHECK(told[0].value == 0);
  CHECK(told[0].message == "Still at work.");
  CHECK(told[1].value == 0.5);
  CHECK(told[2].message == "Waiting for the API.");
  CHECK(told[3].value == 1);
  CHECK(told[4].total == 3);
  CHECK(told[13].value < 2);
  CHECK(told[14].message == "entries");
  // Beyond the total there is none to tell.
  CHECK(told[15].total == -1);
}

TEST_CASE("without a token, or without a way to the client, nothing is told") {
  Conversation conversation;
  conversation.outbox = std::make_shared<Outbox>();
  CHECK_FALSE(conversation.beat());
  CHECK(conversation.outbox->empty());
  conversation.progress_token = "7";
  conversation.outbox = nullptr;
  CHECK_FALSE(conversation.beat());
}
