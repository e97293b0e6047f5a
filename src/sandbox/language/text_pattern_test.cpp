#include "sandbox/language/text_pattern.h"

#include <string>

#include <doctest/doctest.h>

using namespace patchbay::sandbox;

namespace {

bool whole(std::string_view text, std::string_view pattern) {
  return matches_whole(text, pattern, PatternLanguage::guide);
}
bool like(std::string_view text, std::string_view pattern) {
  return matches_whole(text, pattern, PatternLanguage::database);
}
bool part(std::string_view text, std::string_view pattern) {
  return matches_part(text, pattern, PatternLanguage::guide);
}

}  // namespace

TEST_CASE("like takes % for any run, _ for one character, and letters for themselves") {
  CHECK(like("server", "server"));
  CHECK(like("server", "s%r"));
  CHECK(like("server", "%"));
  CHECK(like("", "%"));
  CHECK(like("", ""));
  CHECK(like("a%b", "a%b"));
  CHECK(like("aXbXc", "a%b%c"));
  CHECK(like("aab", "%ab"));
  CHECK(like("server", "s_rver"));
  CHECK(like("caf\xC3\xA9", "caf_"));
  CHECK_FALSE(like("server", "serve"));
  CHECK_FALSE(like("server", "erver"));
  CHECK_FALSE(like("server", "s__rver"));
  CHECK_FALSE(like("", "a"));
}

TEST_CASE("a star is any run of characters in every text") {
  CHECK(whole("server down", "server*"));
  CHECK(whole("server down", "*down"));
  CHECK(whole("server down", "s*r*n"));
  CHECK(whole("", "*"));
  CHECK_FALSE(whole("server down", "server"));
  CHECK_FALSE(whole("server down", "*server"));
  CHECK(part("the server is down", "serv*down"));
  CHECK_FALSE(part("the server is up", "serv*down"));
  CHECK(like("server down", "server*"));
}

TEST_CASE("outside like, % and _ are themselves") {
  CHECK(whole("50%", "50%"));
  CHECK_FALSE(whole("50 of 100", "50%"));
  CHECK(whole("a_b", "a_b"));
  CHECK_FALSE(whole("axb", "a_b"));
  CHECK_FALSE(part("axb", "a_b"));
  CHECK_FALSE(part("abc", "%"));
}

TEST_CASE("what stands in brackets stands for itself") {
  CHECK(whole("[draft]", "[[]draft]"));
  CHECK(part("re: [draft] 1", "[[]draft]"));
  CHECK(whole("5 * 3", "5 [*] 3"));
  CHECK_FALSE(whole("5 x 3", "5 [*] 3"));
  CHECK(like("100%", "100[%]"));
  CHECK_FALSE(like("1000", "100[%]"));
  CHECK(like("a_b", "a[_]b"));
  CHECK_FALSE(like("axb", "a[_]b"));
  CHECK(whole("b", "[abc]"));
  CHECK_FALSE(whole("d", "[abc]"));
}

TEST_CASE("a bracket that is not closed matches nothing, and one that closes none is itself") {
  CHECK_FALSE(whole("[draft", "[draft"));
  CHECK_FALSE(part("[", "["));
  CHECK(whole("draft]", "draft]"));
  CHECK_FALSE(whole("", "[]"));
}

TEST_CASE("a pattern takes time that grows with the text, not with its power") {
  const std::string text(20'000, 'a');
  std::string pattern;
  for (int i = 0; i < 50; ++i) pattern += "a%";
  CHECK_FALSE(like(text, pattern + "b"));
}
