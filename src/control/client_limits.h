// What AI programs take of the tools that they are offered: all servers that a program has open
// together. Figures: reference of the protocol's clients, and docs/connect-clients.md.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace patchbay::control {

struct ClientLimit {
  enum class Unit : std::uint8_t { tools, tokens };
  std::string_view client;
  std::int64_t limit;
  Unit unit = Unit::tools;
  bool refuses = true;  // what is beyond is refused or dropped; false: it is the client's advice
};

inline constexpr std::int64_t kAdvisedTools = 40;  // choosing gets worse beyond 30 to 50
inline constexpr std::int64_t kMostTools = 128;
// A twentieth of a window of 200,000: half of what makes Claude Code put schemas aside.
inline constexpr std::int64_t kAdvisedTokens = 10'000;

// From here on whoever mints a server is warned, whatever the client: an eighth of that window.
inline constexpr std::int64_t kManyTokens = 25'000;
inline constexpr std::int64_t kUsualWindow = 200'000;

// Of names. Cursor drops a tool whose name has, with its server's, more than this …
inline constexpr std::size_t kMostWithServerName = 60;
// … and those that call it "mcp__<server>__<tool>" pass that to models' APIs, which take as much.
inline constexpr std::size_t kMostPrefixedName = 64;
constexpr std::size_t prefixed_by(std::string_view server_name) {
  return std::string_view("mcp____").size() + server_name.size();
}

inline constexpr std::array kClientLimits{
    ClientLimit{"Claude Code", kAdvisedTokens, ClientLimit::Unit::tokens, false},
    ClientLimit{"Cursor", kAdvisedTools, ClientLimit::Unit::tools, false},
    ClientLimit{"VS Code and GitHub Copilot", kMostTools},
    ClientLimit{"ChatGPT and OpenAI's API", kMostTools},
    ClientLimit{"Copilot Studio", kMostTools},
};

}  // namespace patchbay::control
