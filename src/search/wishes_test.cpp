#include "search/wishes.h"

#include <algorithm>

#include <doctest/doctest.h>

#include "search/words.h"

namespace patchbay::search {
namespace {

Action most_wished(std::string_view text) {
  const Wishes wishes = wishes_of(words_of(text, 40));
  return static_cast<Action>(std::ranges::max_element(wishes) - wishes.begin());
}

TEST_CASE("the verb says what is to be done") {
  CHECK(most_wished("show me all open tickets") == Action::list);
  CHECK(most_wished("could you please open a ticket") == Action::create);
  CHECK(most_wished("log 30 minutes") == Action::create);
  CHECK(most_wished("change the status") == Action::update);
  CHECK(most_wished("I need to remove a note") == Action::delete_);
  CHECK(most_wished("pull up ticket 48213") == Action::get);
}

TEST_CASE("a question reads, whatever verbs stand in it") {
  CHECK(most_wished("which tickets did we close") == Action::list);
  CHECK(most_wished("what was added to the contract") == Action::list);
  CHECK(most_wished("") == Action::list);
}

}  // namespace
}  // namespace patchbay::search
