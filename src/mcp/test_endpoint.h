// For this room's tests: an endpoint over a registry that is a table, spoken to without sockets.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/mutex.h"
#include "http/router.h"
#include "io/runtime.h"
#include "json/parse.h"
#include "json/shape.h"
#include "json/write.h"
#include "mcp/endpoint.h"

namespace patchbay::mcp {

inline constexpr std::string_view kOpenToken = "pbm_open";
inline constexpr std::string_view kGuardedToken = "pbm_guarded";  // asks for an API token
inline constexpr std::string_view kPausedToken = "pbm_paused";    // the same, and paused
inline constexpr std::string_view kApiToken = "pba_mine";

// Two tools: "echo" returns its arguments and a rate limit, "fail" a result with isError.
class TableServer final : public Server {
 public:
  std::string_view id() const override { return "mcp_1"; }
  std::string_view title() const override { return "Test desk"; }
  std::string instructions() const override { return "Echo before you fail."; }
  SharedText tool_listing() const override { return listing_; }
  io::Task<ServerOutcome> call_tool(std::string name, json::Value arguments,
                                    Conversation& conversation) const override {
    if (name != "echo" && name != "fail") co_return unknown_name("tool", name, {"echo", "fail"});
    last_traceparent = conversation.traceparent;
    TextOutcome outcome;
    outcome.text = json::to_string(arguments);
    outcome.is_error = name == "fail";
    outcome.rate_limit = RateLimit{.limit = 60, .remaining = 59, .reset_seconds = 7};
    co_return outcome;
  }
  std::optional<Listings> current_listings() const override { return Listings{listing_, nullptr}; }

  mutable std::string last_traceparent;

 private:
  std::shared_ptr<const std::string> listing_ = std::make_shared<const std::string>(
      R"([{"name":"echo","description":"Says it again.","inputSchema":{"type":"object"}},)"
      R"({"name":"fail","description":"Fails.","inputSchema":{"type":"object"}}])");
};

class TableRegistry final : public ServerRegistry {
 public:
  explicit TableRegistry(std::shared_ptr<const Server> server) : server_(std::move(server)) {}
  std::optional<Found> find(const Credentials& given) const override {
    if (given.token == kOpenToken) return Found{.server = server_};
    if (given.token == kGuardedToken) {
      return Found{.server = server_, .lacks_api_token = given.api_token != kApiToken};
    }
    if (given.token == kPausedToken) {
      return Found{
          .server = server_, .lacks_api_token = given.api_token != kApiToken, .paused = true};
    }
    return std::nullopt;
  }

 private:
  std::shared_ptr<const Server> server_;
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

// A response that goes on, as its client sees it. Thread-safe.
class OpenStream {
 public:
  // Waits until the text is there; false after that time, or when the stream ended without it.
  bool wait_for(std::string_view text, std::chrono::seconds at_most = std::chrono::seconds(5)) {
    const MutexLock lock(mutex_);
    const auto until = std::chrono::steady_clock::now() + at_most;
    while (!ended_ && !text_.contains(text) && changed_.wait_until(mutex_, until)) {
    }
    return text_.contains(text);
  }
  bool wait_for_end(std::chrono::seconds at_most = std::chrono::seconds(5)) {
    const MutexLock lock(mutex_);
    const auto until = std::chrono::steady_clock::now() + at_most;
    while (!ended_ && changed_.wait_until(mutex_, until)) {
    }
    return ended_;
  }
  std::string text() const {
    const MutexLock lock(mutex_);
    return text_;
  }

  std::string content_type() const {
    const MutexLock lock(mutex_);
    return std::string(headers_.find("Content-Type").value_or(""));
  }
  bool begun() const {
    const MutexLock lock(mutex_);
    return status_ != 0;
  }

 private:
  friend class TestEndpoint;
  void begin(const http::Response& response) {
    const MutexLock lock(mutex_);
    status_ = response.status;
    headers_ = response.headers;
  }
  void append(std::string_view bytes) {
    const MutexLock lock(mutex_);
    text_ += bytes;
    changed_.notify_all();
  }
  void end() {
    const MutexLock lock(mutex_);
    ended_ = true;
    changed_.notify_all();
  }

  mutable Mutex mutex_;
  Condition changed_;
  std::string text_ PATCHBAY_GUARDED_BY(mutex_);
  bool ended_ PATCHBAY_GUARDED_BY(mutex_) = false;
  int status_ PATCHBAY_GUARDED_BY(mutex_) = 0;
  http::Headers headers_ PATCHBAY_GUARDED_BY(mutex_);
  // The loop's.
  std::string target_;
  http::Request request_;
  io::CancelSource gone_;
};

class TestEndpoint {
 public:
  explicit TestEndpoint(EndpointOptions options = {.server_version = "1.2.3"},
                        std::shared_ptr<const Server> served = nullptr)
      : runtime_({.loops = 2, .blocking_threads = 1}),
        log_(2, telemetry::Level::error),
        server_(std::make_shared<TableServer>()),
        endpoint_(std::make_unique<McpEndpoint>(
            std::make_unique<TableRegistry>(served ? std::move(served) : server_), vault_, clock_,
            log_, std::move(options))) {
    endpoint_->add_routes(router_);
    runtime_.start();
  }
  // Over what the test makes; `make` gets the runtime and the log.
  explicit TestEndpoint(
      const std::function<std::unique_ptr<McpEndpoint>(io::Runtime&, const telemetry::Log&)>& make)
      : runtime_({.loops = 2, .blocking_threads = 1}),
        log_(2, telemetry::Level::error),
        endpoint_(make(runtime_, log_)) {
    endpoint_->add_routes(router_);
    runtime_.start();
  }
  ~TestEndpoint() { stop(); }
  void stop() { runtime_.stop(); }

  const TableServer& server() const { return *server_; }
  ManualClock& clock() { return clock_; }
  McpEndpoint& under_test() { return *endpoint_; }

  Reaction send(http::Method method, std::string target, HeaderList headers, std::string body) {
    const auto stream = open(method, std::move(target), std::move(headers), std::move(body));
    stream->wait_for_end();
    Reaction reaction;
    const MutexLock lock(stream->mutex_);
    reaction.status = stream->status_;
    reaction.headers = stream->headers_;
    reaction.body = stream->text_;
    if (auto parsed = json::parse(reaction.body)) reaction.json = std::move(*parsed);
    return reaction;
  }

  // Does not wait for the end. Loops take turns, so that a second request runs on another one.
  std::shared_ptr<OpenStream> open(http::Method method, std::string target, HeaderList headers,
                                   std::string body) {
    auto stream = std::make_shared<OpenStream>();
    http::Request& request = stream->request_;
    stream->target_ = std::move(target);
    request.method = method;
    request.target = stream->target_;
    request.path = request.target.substr(0, request.target.find('?'));
    if (request.path.size() < request.target.size()) {
      request.query = request.target.substr(request.path.size() + 1);
    }
    request.headers.add("Host", "localhost");
    for (auto& [name, value] : headers) request.headers.add(name, value);
    body.reserve(body.size() + json::kPadding);
    request.body = std::move(body);
    request.id = "req_1";
    request.peer = "127.0.0.1";
    request.watch_disconnect = [raw = stream.get()] { return raw->gone_.token(); };
    request.begin_stream = [raw = stream.get()](const http::Response& head) {
      raw->begin(head);
      return std::make_shared<Writer>(*raw);
    };
    runtime_.spawn(runtime_.loop(next_loop_++ % runtime_.size()),
                   [this, stream] { return serve(this, stream); });
    return stream;
  }

  // The client of that stream goes away.
  void disconnect(const std::shared_ptr<OpenStream>& stream) {
    for (std::size_t i = 0; i < runtime_.size(); ++i) {
      if (i == stream_loop_) io::post(runtime_.loop(i), [stream] { stream->gone_.cancel(); });
    }
  }

  // To the open server, as JSON.
  Reaction post(std::string body, HeaderList headers = {}) {
    return send(http::Method::post, url(), with_json(std::move(headers)), std::move(body));
  }
  std::shared_ptr<OpenStream> open_post(std::string body, HeaderList headers = {}) {
    stream_loop_ = next_loop_ % runtime_.size();
    return open(http::Method::post, url(), with_json(std::move(headers)), std::move(body));
  }

 private:
  static std::string url() { return "/mcp/" + std::string(kOpenToken); }
  static HeaderList with_json(HeaderList headers) {
    headers.emplace_back("Content-Type", "application/json");
    headers.emplace_back("Accept", "application/json, text/event-stream");
    return headers;
  }

  class Writer final : public http::StreamWriter {
   public:
    explicit Writer(OpenStream& stream) : stream_(stream) {}
    io::Task<bool> write(std::string_view bytes) override {
      if (!stream_.gone_.token().cancelled()) stream_.append(bytes);
      co_return !stream_.gone_.token().cancelled();
    }
    io::CancelToken disconnected() const override { return stream_.gone_.token(); }

   private:
    OpenStream& stream_;
  };

  static io::Task<> serve(TestEndpoint* endpoint, std::shared_ptr<OpenStream> stream) {
    http::Response response = co_await endpoint->router_(stream->request_);
    if (!stream->begun()) stream->begin(response);
    if (response.stream) {
      Writer writer(*stream);
      co_await response.stream(writer);
    } else {
      std::string text = response.head;
      if (response.shared) text += *response.shared;
      stream->append(text + response.tail);
    }
    stream->end();
  }

  io::Runtime runtime_;
  std::size_t next_loop_ = 0;
  std::size_t stream_loop_ = 0;
  telemetry::Log log_;
  std::shared_ptr<const vault::Vault> vault_ = *vault::Vault::open(vault::Vault::generate_key());
  ManualClock clock_{WallTime(std::chrono::milliseconds(1'790'000'000'000))};
  std::shared_ptr<TableServer> server_;
  std::unique_ptr<McpEndpoint> endpoint_;
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
