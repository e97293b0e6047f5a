// Hints are followed: a tool that a refusal names exists, and answers.
#include <set>

#include "gateway/test_least_arguments.h"
#include "gateway/test_world.h"

namespace patchbay::gateway {

namespace {

std::set<std::string> tools_named_in(std::string_view text) {
  std::set<std::string> names;
  const auto is_part = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  };
  std::size_t at = 0;
  while ((at = text.find("connect_wise_psa", at)) != std::string_view::npos) {
    auto begin = at;
    while (begin > 0 && is_part(text[begin - 1])) --begin;
    while (at < text.size() && is_part(text[at])) ++at;
    names.emplace(text.substr(begin, at - begin));
  }
  return names;
}

struct Follower {
  World world;
  std::set<std::string> followed;  // each once
  int refusals = 0;

  // Calls what is bound to be refused, and what the refusal names.
  void follow(const catalog::Tool& tool, const json::Object& arguments) {
    CAPTURE(tool.name);
    const auto outcome = world.harness.call_value(tool.name, arguments);
    if (!outcome.result.is_error) return;
    ++refusals;
    const auto said = outcome.error();
    CHECK_MESSAGE(!said.empty(), tool.name);
    for (const auto& name : tools_named_in(said)) {
      if (name == tool.name || !followed.insert(name).second) continue;
      CAPTURE(said);
      const auto* named = world.harness.tools->find(name);
      REQUIRE_MESSAGE(named != nullptr, name);
      if (named->method->kind != integration::MethodKind::list) continue;
      const auto found = world.harness.call_value(name, world.required_arguments(*named));
      CHECK_MESSAGE(!found.result.is_error, found.result.text);
    }
  }
};

}  // namespace

TEST_CASE("hints: of every tool whose record is not there, what they name lists such records") {
  Follower follower;
  for (const auto& tool : follower.world.harness.tools->tools()) {
    const auto& names = tool->method->path.names();
    if (names.empty() || tool->method->composite) continue;
    auto arguments = least_arguments(*tool);
    for (const auto& argument : tool->method->arguments) {
      if (argument.place == integration::ArgumentPlace::path) arguments[argument.name] = 987654321;
    }
    follower.follow(*tool, arguments);
  }
  CHECK(follower.refusals > 100);
  CHECK(follower.followed.size() > 40);
}

TEST_CASE("hints: of every name that nothing has, what they name lists those that there are") {
  Follower follower;
  for (const auto& tool : follower.world.harness.tools->tools()) {
    if (tool->method->composite) continue;
    for (const auto& argument : tool->method->arguments) {
      if (!argument.reference) continue;
      auto arguments = least_arguments(*tool);
      CAPTURE(argument.name);
      arguments[argument.name] = "No such record of this name";
      if (tool->method->writes()) arguments["dry_run"] = true;
      follower.follow(*tool, arguments);
    }
  }
  CHECK(follower.refusals > 100);
  CHECK(follower.followed.size() > 40);
}

}  // namespace patchbay::gateway
