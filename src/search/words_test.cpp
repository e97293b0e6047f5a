#include "search/words.h"

#include <doctest/doctest.h>

namespace patchbay::search {
namespace {

using Words = std::vector<std::string>;

TEST_CASE("a text is its words, whatever separates them") {
  CHECK(words_of("List all open tickets!", 10) == Words{"list", "all", "open", "tickets"});
  CHECK(words_of("companyId board_status", 10) == Words{"company", "id", "board", "status"});
  CHECK(words_of("POs and SLAs, SLAName", 10) == Words{"pos", "and", "slas", "sla", "name"});
  CHECK(words_of("Müller", 10) == Words{"müller"});
  CHECK(words_of("one two three", 2) == Words{"one", "two"});
  CHECK(words_of(" \t,.-", 10).empty());
}

TEST_CASE("whatever bytes come, words are bounded and not empty") {
  std::string text;
  std::uint32_t state = 7;
  for (int at = 0; at < 20'000; ++at) {
    state = (state * 1'664'525U) + 1'013'904'223U;
    text += static_cast<char>(state >> 24U);
  }
  text += std::string(1'000, 'x');
  for (const std::string& word : words_of(text, 100'000)) {
    REQUIRE(!word.empty());
    REQUIRE(word.size() <= kMaxWord);
    REQUIRE(stem(word).size() <= word.size());
    REQUIRE(!stem(word).empty());
  }
}

TEST_CASE("a word's forms have one stem") {
  for (const auto& [one, other] :
       std::initializer_list<std::pair<const char*, const char*>>{{"entries", "entry"},
                                                                  {"statuses", "status"},
                                                                  {"invoices", "invoice"},
                                                                  {"closed", "close"},
                                                                  {"shipping", "ship"},
                                                                  {"billing", "bill"},
                                                                  {"boxes", "box"},
                                                                  {"scheduled", "schedules"}}) {
    CAPTURE(one);
    CHECK(stem(one) == stem(other));
  }
  CHECK(stem("status") == "status");
  CHECK(stem("class") == "class");
  CHECK(stem("sla") == "sla");
}

}  // namespace
}  // namespace patchbay::search
