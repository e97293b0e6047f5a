#include "base/shares.h"

#include <vector>

#include <doctest/doctest.h>

namespace patchbay {
namespace {

std::size_t take_all(const std::shared_ptr<Shares>& shares, std::string_view holder,
                     std::vector<Shares::Share>& kept, std::size_t each = Shares::kNoBound) {
  std::size_t taken = 0;
  while (auto share = shares->take(holder, 1, each)) {
    kept.push_back(std::move(*share));
    ++taken;
  }
  return taken;
}

TEST_CASE("a holder that takes all it can leaves some for the next, and that one for a third") {
  const auto shares = Shares::make(1'000);
  std::vector<Shares::Share> kept;
  CHECK(take_all(shares, "first", kept) == 500);
  CHECK(take_all(shares, "second", kept) == 250);
  CHECK(take_all(shares, "third", kept) == 125);
  CHECK(shares->take("fourth", 1).has_value());
  CHECK_FALSE(shares->take("first", 1));
}

TEST_CASE("who holds nothing may have all that is free, and nobody more than that") {
  const auto shares = Shares::make(100);
  auto all = shares->take("one", 100);
  REQUIRE(all);
  CHECK_FALSE(shares->take("other", 1));
  all.reset();
  CHECK(shares->held() == 0);
  CHECK_FALSE(shares->take("one", 101));
}

TEST_CASE("a holder's own bound holds, and what is given back can be taken again") {
  const auto shares = Shares::make(1'000);
  std::vector<Shares::Share> kept;
  CHECK(take_all(shares, "one", kept, 4) == 4);
  kept.pop_back();
  CHECK(take_all(shares, "one", kept, 4) == 1);
  CHECK(take_all(shares, "other", kept, 4) == 4);
  kept.clear();
  CHECK(shares->held() == 0);
}

TEST_CASE("a share grows within the bound, and shrinks") {
  const auto shares = Shares::make(100);
  auto share = shares->take("one", 10);
  REQUIRE(share);
  CHECK(share->grow(40));
  CHECK_FALSE(share->grow(10));
  CHECK(shares->held() == 50);
  share->shrink(45);
  CHECK(share->amount() == 5);
  Shares::Share moved = std::move(*share);
  share.reset();
  CHECK(shares->held() == 5);
}

TEST_CASE("what is there already is counted past the bound, and then others are refused") {
  const auto shares = Shares::make(100);
  Shares::Share charged = shares->charge("one", 150);
  CHECK_FALSE(shares->take("other", 1));
  charged.give_back();
  CHECK(shares->take("other", 1));
}

}  // namespace
}  // namespace patchbay
