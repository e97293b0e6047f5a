#include "servers/member_words.h"

#include <algorithm>

#include "catalog/tool.h"

namespace patchbay::servers {
namespace {

bool any_method(const catalog::Toolset& toolset, auto test) {
  return std::ranges::any_of(toolset.tools(),
                             [&](const catalog::Tool* tool) { return test(*tool->method); });
}

}  // namespace

std::string me_shown(const control::McpServer& server) {
  return server.member == nullptr ? std::string() : server.member->label();
}

bool names_member(const integration::Integration& integration,
                  const integration::Argument& argument) {
  return argument.reference && argument.reference->resource == integration.members.resource;
}

std::string about_member(const control::McpServer& server) {
  if (server.member == nullptr) return {};
  const integration::Integration& integration = server.toolset->catalog().integration();
  const bool own = server.account->is_of_member();
  const bool writes =
      any_method(*server.toolset, [](const auto& method) { return method.writes(); });
  std::string line = "This server is of the member " + server.member->label() +
                     (own ? " and signs in with that member's own keys" : "") +
                     ". Wherever a member may be named, \"me\" is that one";
  const bool raw = any_method(*server.toolset, [](const auto& method) {
    return std::ranges::any_of(method.arguments, [](const integration::Argument& argument) {
      return argument.place == integration::ArgumentPlace::platform &&
             argument.name == "conditions";
    });
  });
  if (raw && !server.member->login.empty()) {
    line += " (in conditions write the login, '" + server.member->login + "')";
  }
  line += '.';
  if (!writes) return line;
  if (own) return line + " What is written counts as that member's in " + integration.label + '.';
  if (any_method(*server.toolset, [](const auto& method) { return !method.author.empty(); })) {
    line += " New notes and time name that member unless you give another.";
  }
  return line + ' ' + integration.label + " records what is written as made by the integration.";
}

}  // namespace patchbay::servers
