#include "sandbox/records/collation.h"

#include <doctest/doctest.h>

using namespace patchbay::sandbox;

TEST_CASE("like takes % for any run and everything else for itself") {
  CHECK(like_folded("server", "server"));
  CHECK(like_folded("server", "s%r"));
  CHECK(like_folded("server", "%"));
  CHECK(like_folded("", "%"));
  CHECK(like_folded("", ""));
  CHECK(like_folded("a%b", "a%b"));
  CHECK(like_folded("aXbXc", "a%b%c"));
  CHECK(like_folded("aab", "%ab"));
  CHECK_FALSE(like_folded("server", "serve"));
  CHECK_FALSE(like_folded("server", "erver"));
  CHECK_FALSE(like_folded("server", "s_rver"));
  CHECK_FALSE(like_folded("", "a"));
}

TEST_CASE("like takes time that grows with the text, not with its power") {
  const std::string text(20'000, 'a');
  std::string pattern;
  for (int i = 0; i < 50; ++i) pattern += "a%";
  CHECK_FALSE(like_folded(text, pattern + "b"));
}

TEST_CASE("folding lowers ASCII and Latin-1 letters and leaves the rest") {
  CHECK(fold("ÀÉÖÞ ABC ×÷ ß € Я") == "àéöþ abc ×÷ ß € Я");
  CHECK(fold("\xC3") == "\xC3");
}
