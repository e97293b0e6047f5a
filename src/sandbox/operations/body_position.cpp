#include "sandbox/operations/body_position.h"

#include <algorithm>

#include <fmt/core.h>

namespace patchbay::sandbox {
namespace {

std::string as_line_and_position(std::string_view body, std::size_t at) {
  const std::string_view before = body.substr(0, at);
  const auto lines = 1 + std::count(before.begin(), before.end(), '\n');
  const std::size_t line_start = before.rfind('\n');
  const std::size_t column =
      line_start == std::string_view::npos ? before.size() : before.size() - line_start - 1;
  return fmt::format("line {}, position {}", lines, column);
}

std::size_t behind_name(std::string_view body, std::string_view member) {
  const std::size_t start = body.find(fmt::format("\"{}\"", member));
  if (start == std::string_view::npos) return std::min<std::size_t>(1, body.size());
  const std::size_t colon = body.find(':', start + member.size() + 2);
  return colon == std::string_view::npos ? body.size() : colon + 1;
}

}  // namespace

std::string name_position(std::string_view body, std::string_view member) {
  return as_line_and_position(body, behind_name(body, member));
}

std::string value_position(std::string_view body, std::string_view member) {
  std::size_t at = body.find_first_not_of(" \t\r\n", behind_name(body, member));
  if (at == std::string_view::npos) return as_line_and_position(body, body.size());
  if (body[at] == '"') {
    for (++at; at < body.size() && body[at] != '"'; ++at) {
      if (body[at] == '\\') ++at;
    }
    return as_line_and_position(body, std::min(at + 1, body.size()));
  }
  if (body[at] == '{' || body[at] == '[') return as_line_and_position(body, at + 1);
  return as_line_and_position(body, std::min(body.find_first_of(",}] \t\r\n", at), body.size()));
}

ApiError unknown_member(std::string_view member, std::string_view type, std::string_view body) {
  // The missing blank before "Check" is the vendor's.
  return {400,
          "ConnectWiseApi",
          fmt::format("Could not find member '{}' on object of type '{}'. Path '{}', {}.Check your "
                      "accept header to make sure you are using the correct version.",
                      member, type, member, name_position(body, member)),
          {}};
}

}  // namespace patchbay::sandbox
