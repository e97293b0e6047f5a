// An MCP server behind a URL, for commands that ask it something and wait. It is spoken to as
// 2026-07-28 says; one that does not know that revision, with `initialize` of 2025-11-25.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"
#include "http/message.h"
#include "http/url.h"
#include "json/value.h"

namespace patchbay::cli {

class McpClient {
 public:
  // Finds out which revision the server speaks. Errors: what HTTP or the server says instead.
  static Result<McpClient> open(http::Url url, http::Headers headers, const std::string& ca_file);
  McpClient(McpClient&&) noexcept;
  ~McpClient();

  // All pages. Errors: as of call.
  Result<json::Array> list_tools() const;
  // The result as it came, also one with isError. Errors: what the server says in place of a
  // result (invalid_argument), or HTTP (upstream).
  Result<json::Value> call_tool(std::string_view name, const json::Object& arguments) const;

 private:
  struct Impl;
  explicit McpClient(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace patchbay::cli
