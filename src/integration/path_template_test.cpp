#include "integration/path_template.h"

#include <map>

#include <doctest/doctest.h>

namespace patchbay::integration {
namespace {

PathTemplate path(std::string_view text) {
  auto parsed = PathTemplate::parse(text);
  REQUIRE_MESSAGE(parsed.has_value(), text);
  return *parsed;
}

std::string filled(std::string_view text, const std::map<std::string, std::string>& values) {
  const auto out = path(text).fill([&](const std::string& name) -> std::optional<std::string> {
    const auto found = values.find(name);
    return found == values.end() ? std::nullopt : std::optional(found->second);
  });
  return out ? *out : "error: " + out.error().message;
}

std::string refusal(std::string_view text) {
  const auto parsed = PathTemplate::parse(text);
  return parsed ? "none" : parsed.error().message;
}

}  // namespace

TEST_CASE("a path knows its placeholders in their order, and what the first is one of") {
  const PathTemplate notes = path("/service/tickets/{ticketId}/notes/{id}");
  CHECK(notes.names() == std::vector<std::string>{"ticketId", "id"});
  CHECK(notes.has("id"));
  CHECK_FALSE(notes.has("ticket"));
  CHECK(notes.collection() == "/service/tickets");
  CHECK(notes.text() == "/service/tickets/{ticketId}/notes/{id}");
  CHECK(path("/company/companies").names().empty());
  CHECK(path("/company/companies").collection() == "/company/companies");
  CHECK(PathTemplate().empty());
  CHECK(path("/a").below("/{id}") == path("/a/{id}"));
  CHECK(PathTemplate().below("/{id}").empty());
  CHECK(path("/a/{b}") == path("/a/{b}"));
  CHECK_FALSE(path("/a/{b}") == path("/a/{c}"));
}

TEST_CASE("what is put into a path is encoded and cannot name another place") {
  CHECK(filled("/a/{x}/b/{y}", {{"x", "7"}, {"y", "a/b?c #ü"}}) == "/a/7/b/a%2Fb%3Fc%20%23%C3%BC");
  CHECK(filled("/a/{x}.json", {{"x", "7"}}) == "/a/7.json");
  CHECK(filled("/a/{x}", {{"x", "{x}"}}) == "/a/%7Bx%7D");
  CHECK(filled("/a", {}) == "/a");
  for (const std::string value : {"", ".", ".."}) {
    CHECK(filled("/a/{x}", {{"x", value}}) == "error: x is missing or cannot stand in an address.");
  }
  CHECK(filled("/a/{x}", {{"x", "..."}}) == "/a/...");
  CHECK(filled("/a/{x}", {{"x", std::string(200, 'x')}}).size() == 203);
  CHECK(filled("/a/{x}", {{"x", std::string(201, 'x')}}).starts_with("error"));
  CHECK(filled("/a/{x}/{y}", {{"x", "1"}}) == "error: y is missing or cannot stand in an address.");
}

TEST_CASE("what is no path is refused where it is read") {
  CHECK(refusal("tickets") == "a path begins with /");
  CHECK(refusal("") == "a path begins with /");
  CHECK(refusal("/a?b=1") == "a path has no query, no fragment and no white space");
  CHECK(refusal("/a b") == "a path has no query, no fragment and no white space");
  CHECK(refusal("/a/../b") == "a path leads nowhere else: no . and no .. in it");
  CHECK(refusal("/a/{b") == "a '{' stands without '}'");
  CHECK(refusal("/a/b}") == "a '}' stands without '{'");
  CHECK(refusal("/a/{}") == "a placeholder is a name in braces");
  CHECK(refusal("/a/{b{c}}") == "a placeholder is a name in braces");
  CHECK(refusal("/a/{b}}") == "a placeholder is a name in braces");
}

TEST_CASE("a text takes whatever its placeholders are given") {
  const auto text = TextTemplate::parse("{company}+{key}");
  REQUIRE(text.has_value());
  const auto out = text->fill([](const std::string& name) -> Result<std::string> {
    return name == "company" ? "acme/" : "..";
  });
  CHECK(out.value() == "acme/+..");
  const auto failed = text->fill([](const std::string& name) -> Result<std::string> {
    return fail(ErrorCode::not_found, "no " + name);
  });
  CHECK(failed.error().message == "no company");
  CHECK(TextTemplate::parse("plain")->names().empty());
}

}  // namespace patchbay::integration
