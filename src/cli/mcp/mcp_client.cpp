#include "cli/mcp/mcp_client.h"

#include <cstdlib>
#include <optional>
#include <utility>
#include <vector>

#include "app/version.h"
#include "cli/mcp/stdio_bridge.h"
#include "http/client.h"
#include "http/proxy.h"
#include "io/runtime.h"
#include "json/parse.h"
#include "json/write.h"

namespace patchbay::cli {
namespace {

constexpr std::string_view kStateless = "2026-07-28";
constexpr std::string_view kHandshaking = "2025-11-25";
// A server that never ends its list.
constexpr int kMostPages = 100;

std::optional<std::string> variable(const char* name) {
  const char* const value = std::getenv(name);
  return value != nullptr ? std::optional<std::string>(value) : std::nullopt;
}

json::Value our_name() {
  return json::Object{{"name", "patchbay"}, {"version", app::kVersion}};
}

}  // namespace

// The bridge carries the messages: what it does for a client on standard input, it does here.
struct McpClient::Impl {
  Impl(http::Url url, http::Headers headers, const std::string& ca_file)
      : runtime({.loops = 1, .blocking_threads = 1}),
        client(runtime, {.ca_file = ca_file}),
        bridge(
            client, std::move(url), std::move(headers),
            [this](std::string_view line) { lines.emplace_back(line); }, [](std::string_view) {}) {
    bridge.use_proxies_of(variable);
    runtime.start();
  }
  ~Impl() { runtime.stop(); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  void send(const json::Object& message) {
    lines.clear();
    std::string line = json::to_string(message);
    runtime.run(runtime.loop(0), [&] { return bridge.forward(std::move(line)); });
  }

  // The answer to a request: {"result": …} or {"error": …}.
  json::Value ask(std::string_view method, json::Object params) {
    if (stateless) {
      params["_meta"] =
          json::Object{{"io.modelcontextprotocol/protocolVersion", kStateless},
                       {"io.modelcontextprotocol/clientInfo", our_name()},
                       {"io.modelcontextprotocol/clientCapabilities", json::Object{}}};
    }
    const std::int64_t id = ++last_id;
    send({{"jsonrpc", "2.0"}, {"id", id}, {"method", method}, {"params", std::move(params)}});
    for (const std::string& line : lines) {
      auto message = json::parse(line);
      if (message && message->int64_or("id", 0) == id && message->find("method") == nullptr) {
        return std::move(*message);
      }
    }
    return json::Object{{"error", json::Object{{"message", "The server did not answer."}}}};
  }

  Result<json::Value> result_of(const json::Value& answer) const {
    if (const json::Value* const result = answer.find("result")) return *result;
    const json::Value* const error = answer.find("error");
    const std::string message(error == nullptr ? "The server did not answer."
                                               : error->string_or("message", "It was refused."));
    const json::Value* const data = error == nullptr ? nullptr : error->find("data");
    const std::int64_t status = data == nullptr ? 0 : data->int64_or("http_status", 0);
    if (status == 401) {
      return fail(ErrorCode::unauthenticated, message,
                  "A server with a second factor takes --send-api-token, with an API token in "
                  "PATCHBAY_API_TOKEN that opens it.");
    }
    if (status == 405) {
      return fail(ErrorCode::invalid_argument, message,
                  "That is no MCP URL: one ends in /mcp/ and its token.");
    }
    if (status == 403) return fail(ErrorCode::permission_denied, message);
    return fail(status == 0 ? ErrorCode::invalid_argument : ErrorCode::upstream, message);
  }

  Result<> shake_hands() {
    const json::Value discovered = ask("server/discover", {});
    if (discovered.find("result") != nullptr) return {};
    const json::Value* const error = discovered.find("error");
    const json::Value* const data = error == nullptr ? nullptr : error->find("data");
    const std::int64_t status = data == nullptr ? 0 : data->int64_or("http_status", 0);
    // Who is not let in, or not there, is not either with older words.
    if (status == 401 || status == 403 || status >= 500) {
      return std::unexpected(result_of(discovered).error());
    }
    stateless = false;
    const auto begun = result_of(ask("initialize", {{"protocolVersion", kHandshaking},
                                                    {"capabilities", json::Object{}},
                                                    {"clientInfo", our_name()}}));
    if (!begun) return std::unexpected(begun.error());
    send({{"jsonrpc", "2.0"}, {"method", "notifications/initialized"}});
    return {};
  }

  std::vector<std::string> lines;
  io::Runtime runtime;
  http::Client client;
  StdioBridge bridge;
  bool stateless = true;
  std::int64_t last_id = 0;
};

McpClient::McpClient(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
McpClient::McpClient(McpClient&&) noexcept = default;
McpClient::~McpClient() = default;

Result<McpClient> McpClient::open(http::Url url, http::Headers headers,
                                  const std::string& ca_file) {
  if (const auto proxy = http::choose_proxy(url.origin, variable); !proxy) {
    return std::unexpected(proxy.error());
  }
  McpClient client(std::make_unique<Impl>(std::move(url), std::move(headers), ca_file));
  if (auto shaken = client.impl_->shake_hands(); !shaken) return std::unexpected(shaken.error());
  return client;
}

Result<json::Array> McpClient::list_tools() const {
  json::Array tools;
  std::string cursor;
  for (int page = 0; page < kMostPages; ++page) {
    json::Object params;
    if (!cursor.empty()) params["cursor"] = cursor;
    const auto result = impl_->result_of(impl_->ask("tools/list", std::move(params)));
    if (!result) return std::unexpected(result.error());
    const json::Value* const listed = result->find("tools");
    if (listed == nullptr || !listed->is_array()) {
      return fail(ErrorCode::upstream, "The server's answer holds no list of tools.");
    }
    for (const json::Value& each : *listed->if_array()) tools.push_back(each);
    cursor = result->string_or("nextCursor", "");
    if (cursor.empty()) break;
  }
  return tools;
}

Result<json::Value> McpClient::call_tool(std::string_view name,
                                         const json::Object& arguments) const {
  return impl_->result_of(impl_->ask("tools/call", {{"name", name}, {"arguments", arguments}}));
}

}  // namespace patchbay::cli
