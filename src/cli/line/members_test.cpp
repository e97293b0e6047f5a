#include "cli/line/members.h"

#include <vector>

#include <doctest/doctest.h>

#include "json/write.h"

namespace patchbay::cli {
namespace {

std::string read(const std::vector<std::string>& words) {
  const auto members = read_members(words);
  return members ? json::to_string(*members) : members.error().message;
}

TEST_CASE("Members are texts, or JSON where it is said") {
  CHECK(read({}) == "{}");
  CHECK(read({"board=Triage", "limit:=5"}) == R"({"board":"Triage","limit":5})");
  CHECK(read({"a=1", "b:=[1,\"x\"]", "c:=null"}) == R"({"a":"1","b":[1,"x"],"c":null})");
  CHECK(read({"expression=a=b"}) == R"({"expression":"a=b"})");
  CHECK(read({"empty="}) == R"({"empty":""})");
}

TEST_CASE("A text that is given again makes a list") {
  CHECK(read({"tag=a", "tag=b", "tag=c"}) == R"({"tag":["a","b","c"]})");
  CHECK(read({"n:=1", "n:=2"}) == R"({"n":2})");
}

TEST_CASE("A refused text that looks like another value is told how that is written") {
  const auto hint = [](std::string word) {
    const std::vector<std::string> words{"name=Desk", std::move(word)};
    return with_hint_on_types({ErrorCode::invalid_argument, "no", "So."}, words).hint;
  };
  CHECK(hint("paused=true") == "So. paused=true is a text; what is none is written paused:=true.");
  CHECK(hint("limit=5").ends_with("limit:=5."));
  CHECK(hint("paused:=true") == "So.");
  CHECK(hint("board=Triage") == "So.");
}

TEST_CASE("What is no member is named") {
  CHECK(read({"nothing"}) == "'nothing' names no value.");
  CHECK(read({"=x"}) == "'=x' names no value.");
  CHECK(read({"limit:=five"}).starts_with("What follows 'limit:=' is no JSON"));
  CHECK(read({"@/nowhere.json"}).starts_with("Cannot read '/nowhere.json'"));
}

}  // namespace
}  // namespace patchbay::cli
