#include "yaml/yaml.h"

#include <doctest/doctest.h>

#include "json/write.h"

namespace patchbay::yaml {
namespace {

std::string as_json(std::string_view yaml) {
  const auto node = parse(yaml);
  return node ? json::to_string(to_json(*node))
              : std::to_string(node.error().line) + ": " + node.error().message;
}

}  // namespace

TEST_CASE("plain scalars are what they look like, quoted ones are texts") {
  CHECK(as_json("[1, 1.50, true, false, null, ~, yes, '1', \"true\", 2026-11-22]") ==
        R"([1,1.50,true,false,null,null,"yes","1","true","2026-11-22"])");
  CHECK(as_json("a: {b: [x, y]}\nc:") == R"({"a":{"b":["x","y"]},"c":null})");
}

TEST_CASE("nodes remember their lines") {
  const auto node = parse("a: 1\nb:\n  - x\n  - y\n");
  REQUIRE(node.has_value());
  CHECK(node->entries[1].line == 2);
  CHECK(node->entries[1].value.items[1].line == 4);
  CHECK(node->find("c") == nullptr);
}

TEST_CASE("what a definition does not need is refused with its line") {
  CHECK(as_json("a: 1\nb: 2\na: 3\n").starts_with("3: 'a' stands here twice"));
  CHECK(as_json("a: &x 1\nb: *x\n").starts_with("1: an anchor"));
  CHECK(as_json("a: 1\nb: *x\n").starts_with("2: "));
  CHECK(as_json("a: !!binary aGk=\n").starts_with("1: a tag"));
  CHECK(as_json("a: 1\n---\nb: 2\n").starts_with("2: a second document"));
  CHECK(as_json("a: [1\n").starts_with("2: YAML: "));
  CHECK(as_json("? [a]\n: 1\n").starts_with("1: a key that is no text"));
  CHECK(as_json("").starts_with("1: the file is empty"));
  CHECK(as_json("a: \xff\n").starts_with("0: no UTF-8"));
}

TEST_CASE("bombs do not go off") {
  CHECK(as_json(std::string(5'000, '[')).starts_with("1: nested deeper"));
  CHECK(as_json(std::string(5'000, '{')).find("nested deeper") != std::string::npos);
  std::string laughs = "a: &a [x, x]\n";
  for (char c = 'b'; c < 'z'; ++c) {
    laughs += std::string(1, c) + ": &" + c + " [*" + static_cast<char>(c - 1) + "]\n";
  }
  CHECK(as_json(laughs).starts_with("1: an anchor"));
  CHECK(as_json(std::string((1 << 20) + 1, ' ')).starts_with("0: larger than 1 MiB"));
  std::string many = "[";
  for (int i = 0; i < 300'000; ++i) many += "1,";
  CHECK(as_json(many + "1]").find("more than 200,000") != std::string::npos);
}

TEST_CASE("other bounds may be set, and keys that are many are still each its own") {
  std::string many;
  for (int i = 0; i < 300; ++i) many += "k" + std::to_string(i) + ": 1\n";
  CHECK(parse(many));
  CHECK(as_json(many + "k7: 2\n").starts_with("301: 'k7' stands here twice"));
  CHECK_FALSE(parse(many, {.max_nodes = 100}));
  CHECK_FALSE(parse(many, {.max_bytes = 100}));
  CHECK_FALSE(parse("a: [[1]]", {.max_depth = 1}));
  std::string deep = "1";
  for (int i = 0; i < 40; ++i) deep = "[" + deep + "]";
  CHECK_FALSE(parse(deep));
  CHECK(parse(deep, {.max_depth = 64}));
}

}  // namespace patchbay::yaml
