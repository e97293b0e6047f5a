// For this room's tests: an endpoint over a registry that is a table, spoken to without sockets.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/router.h"
#include "io/runtime.h"
#include "json/parse.h"
#include "json/write.h"
#include "mcp/endpoint.h"

namespace patchbay::mcp {

inline constexpr std::string_view kOpenToken = "pbm_open";
inline constexpr std::string_view kGuardedToken = "pbm_guarded";  // asks for an API token
inline constexpr std::string_view kApiToken = "pba_mine";

// Two tools: "echo" returns its arguments and a rate limit, "fail" a result with isError.
class TableHost final : public ToolHost {
 public:
  std::string_view id() const override { return "mcp_1"; }
  std::string_view title() const override { return "Test desk"; }
  std::string instructions() const override { return "Echo before you fail."; }
  const std::shared_ptr<const std::string>& tool_listing() const override { return listing_; }
  bool has_tool(std::string_view name) const override { return name == "echo" || name == "fail"; }
  std::vector<std::string> tool_names() const override { return {"echo", "fail"}; }
  io::Task<CallOutcome> call_tool(std::string name, json::Value arguments,
                                  const Exchange& exchange) const override {
    last_traceparent = exchange.traceparent;
    TextOutcome outcome;
    outcome.text = json::to_string(arguments);
    outcome.is_error = name == "fail";
    outcome.rate_limit = upstream::RateLimit{.limit = 60, .remaining = 59, .reset_seconds = 7};
    co_return outcome;
  }

  mutable std::string last_traceparent;

 private:
  std::shared_ptr<const std::string> listing_ = std::make_shared<const std::string>(
      R"([{"name":"echo","description":"Says it again.","inputSchema":{"type":"object"}},)"
      R"({"name":"fail","description":"Fails.","inputSchema":{"type":"object"}}])");
};

class TableRegistry final : public HostRegistry {
 public:
  explicit TableRegistry(std::shared_ptr<const ToolHost> host) : host_(std::move(host)) {}
  std::optional<Found> find(std::string_view token) const override {
    if (token == kOpenToken) return Found{.host = host_};
    if (token == kGuardedToken) {
      return Found{.host = host_, .needs_api_token = true, .environment_id = "env_1"};
    }
    return std::nullopt;
  }
  bool admits(std::string_view api_token, std::string_view environment_id) const override {
    return api_token == kApiToken && environment_id == "env_1";
  }

 private:
  std::shared_ptr<const ToolHost> host_;
};

using HeaderList = std::vector<std::pair<std::string, std::string>>;

struct Reaction {
  int status = 0;
  http::Headers headers;
  std::string body;
  json::Value json;  // null if the body is none

  std::int64_t error_code() const {
    const json::Value* error = json.find("error");
    return error != nullptr ? error->int64_or("code", 0) : 0;
  }
  const json::Value& result() const {
    static const json::Value none;
    const json::Value* found = json.find("result");
    return found != nullptr ? *found : none;
  }
};

class Harness {
 public:
  explicit Harness(EndpointOptions options = {.server_version = "1.2.3"},
                   std::shared_ptr<const ToolHost> served = nullptr)
      : runtime_({.loops = 1, .blocking_threads = 1}),
        log_(2, telemetry::Level::error),
        host_(std::make_shared<TableHost>()),
        endpoint_(std::make_unique<TableRegistry>(served ? std::move(served) : host_), log_,
                  std::move(options)) {
    endpoint_.add_routes(router_);
    runtime_.start();
  }

  const TableHost& host() const { return *host_; }

  Reaction send(http::Method method, std::string target, HeaderList headers, std::string body) {
    http::Request request;
    request.method = method;
    request.target = target;
    request.path = target;
    request.headers.add("Host", "localhost");
    for (auto& [name, value] : headers) request.headers.add(std::move(name), std::move(value));
    body.reserve(body.size() + json::kPadding);
    request.body = std::move(body);
    request.id = "req_1";
    Reaction reaction;
    runtime_.run(runtime_.loop(0), [&]() { return exchange(router_, request, reaction); });
    if (auto parsed = json::parse(reaction.body)) reaction.json = std::move(*parsed);
    return reaction;
  }

  // To the open server, as JSON.
  Reaction post(std::string body, HeaderList headers = {}) {
    headers.emplace_back("Content-Type", "application/json");
    headers.emplace_back("Accept", "application/json, text/event-stream");
    return send(http::Method::post, "/mcp/" + std::string(kOpenToken), std::move(headers),
                std::move(body));
  }

 private:
  static io::Task<> exchange(const http::Router& router, http::Request& request,
                             Reaction& reaction) {
    http::Response response = co_await router(request);
    reaction.status = response.status;
    reaction.headers = std::move(response.headers);
    reaction.body = response.head;
    if (response.shared) reaction.body += *response.shared;
    reaction.body += response.tail;
  }

  io::Runtime runtime_;
  telemetry::Log log_;
  std::shared_ptr<TableHost> host_;
  Endpoint endpoint_;
  http::Router router_;
};

inline constexpr std::string_view kEnvelope =
    R"("_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
    R"("io.modelcontextprotocol/clientCapabilities":{}})";

// A request with its envelope; `params` are members beside `_meta`.
inline std::string modern_body(std::string_view method, std::string_view params = "") {
  std::string out =
      R"({"jsonrpc":"2.0","id":1,"method":")" + std::string(method) + R"(","params":{)";
  out += params;
  if (!params.empty()) out += ',';
  out += kEnvelope;
  return out + "}}";
}

inline HeaderList modern_headers(std::string_view method, std::string_view name = "") {
  HeaderList out = {{"MCP-Protocol-Version", "2026-07-28"}, {"Mcp-Method", std::string(method)}};
  if (!name.empty()) out.emplace_back("Mcp-Name", std::string(name));
  return out;
}

inline std::string legacy_body(std::string_view method, std::string_view params = "{}") {
  return R"({"jsonrpc":"2.0","id":1,"method":")" + std::string(method) + R"(","params":)" +
         std::string(params) + "}";
}

}  // namespace patchbay::mcp
