// What a demo is asked for.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace patchbay::app {

struct DemoOptions {
  // Nothing: the usual port, or any free one if that is taken.
  std::optional<std::uint16_t> port;
  std::optional<std::uint16_t> sandbox_port;
  std::uint64_t seed = 1;
  int scale = 1;
  // Of the MCP server; empty for all tools. What a helpdesk's day needs is less than half of the
  // pack: tickets, boards, schedules, time, and whom they concern. A listing costs a model its
  // tokens in every conversation, and several clients take no more than 128 tools, of all their
  // servers.
  std::vector<std::string> tags = {"desk"};
};

inline constexpr std::uint16_t kDemoPort = 8080;
inline constexpr std::uint16_t kDemoSandboxPort = 8081;

}  // namespace patchbay::app
