// The bridge against a server that says everything that servers and proxies say: each request has
// one response.
#include "cli/mcp/stdio_bridge.h"

#include <atomic>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "cli/mcp/event_reader.h"
#include "http/server.h"
#include "http/sse.h"
#include "json/parse.h"

namespace patchbay::cli {
namespace {

using http::Request;
using http::Response;

constexpr std::string_view kResult = R"({"jsonrpc":"2.0","id":7,"result":{"ok":true}})";
constexpr std::string_view kNote =
    R"({"jsonrpc":"2.0","method":"notifications/progress","params":{"progress":1}})";
constexpr std::string_view kCall =
    R"({"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"wait"}})";

io::Task<> write_all(std::vector<std::string> events, bool breaks, http::StreamWriter& out) {
  for (const std::string& event : events) {
    co_await out.write(event);
    co_await io::sleep(std::chrono::milliseconds(20));
  }
  if (breaks) throw std::runtime_error("cut");
}

Response events(std::vector<std::string> all, bool breaks = false) {
  return http::sse_response([all = std::move(all), breaks](http::StreamWriter& out) {
    return write_all(all, breaks, out);
  });
}

std::string event(std::string_view message) {
  return http::sse_event("message", message);
}

// A server of one answer, and the bridge to it.
class Bridged {
 public:
  using Answer = std::function<Response(const Request&)>;
  explicit Bridged(Answer answer) : answer_(std::move(answer)) {
    runtime_.start();
    REQUIRE(server_.start());
    bridge_ = std::make_unique<StdioBridge>(
        client_, http::Url{{false, "127.0.0.1", server_.port()}, "/mcp/pbm_secret", ""},
        http::Headers(), [this](std::string_view line) { lines_.emplace_back(line); },
        [this](std::string_view reason) { complaints_.emplace_back(reason); });
  }
  ~Bridged() { runtime_.stop(); }

  // What was written for this line.
  std::vector<json::Value> send(std::string_view line) {
    lines_.clear();
    runtime_.run(runtime_.loop(0),
                 [&]() -> io::Task<> { co_await bridge_->forward(std::string(line)); });
    std::vector<json::Value> out;
    for (const std::string& written : lines_) {
      CHECK(written.find('\n') == std::string::npos);
      auto parsed = json::parse(written);
      REQUIRE(parsed.has_value());
      out.push_back(std::move(*parsed));
    }
    return out;
  }
  StdioBridge& under_test() { return *bridge_; }
  // Does it on the loop, later.
  void after(std::chrono::milliseconds time, std::function<void()> what) {
    runtime_.spawn(runtime_.loop(0), [time, what]() -> io::Task<> {
      co_await io::sleep(time);
      what();
    });
  }
  const std::vector<std::string>& complaints() const { return complaints_; }
  std::atomic<int> asked = 0;

 private:
  io::Task<Response> handle(Request& request) {
    ++asked;
    co_return answer_(request);
  }

  Answer answer_;
  io::Runtime runtime_{{.loops = 1}};
  http::Client client_{runtime_, {}};
  http::Server server_{runtime_, {}, [this](Request& request) { return handle(request); }};
  std::unique_ptr<StdioBridge> bridge_;
  std::vector<std::string> lines_;
  std::vector<std::string> complaints_;
};

Response with_status(int status, std::string body = "", std::string location = "") {
  Response response = Response::html(status, std::move(body));
  if (!location.empty()) response.headers.add("Location", location);
  return response;
}

std::string error_of(const json::Value& answer) {
  const json::Value* error = answer.find("error");
  return error != nullptr ? std::string(error->string_or("message", "")) : "";
}

TEST_CASE("an event stream is passed on event by event, and its response once") {
  Bridged bridge([](const Request&) {
    return events({": keepalive\n\n", event(kNote), event(kNote), event(kResult),
                   event(kResult)});  // twice, which nobody should
  });
  const auto lines = bridge.send(kCall);
  REQUIRE(lines.size() == 3);
  CHECK(lines[0].string_or("method", "") == "notifications/progress");
  CHECK(lines[2].find("result") != nullptr);
}

TEST_CASE("whatever comes back, a request has one response, with its id") {
  struct Case {
    const char* what;
    std::function<Response()> answer;
    std::string says;  // in the error; empty: it is a result
  };
  const std::string page = "<html><head><title>Bad Gateway</title></head></html>";
  const std::vector<Case> all = {
      {"JSON", [] { return Response::json(200, std::string(kResult)); }, ""},
      {"a batch", [] { return Response::json(200, "[" + std::string(kResult) + "]"); }, ""},
      {"a stream without a response", [] { return events({event(kNote)}); }, "no response"},
      {"a stream that breaks", [] { return events({event(kNote)}, true); }, "closed"},
      {"a stream that breaks after it", [] { return events({event(kResult)}, true); }, ""},
      {"an empty 200", [] { return with_status(200); }, "no response"},
      {"202", [] { return with_status(202); }, "no response"},
      {"204", [] { return with_status(204); }, "no response"},
      {"another's response",
       [] { return Response::json(200, R"({"jsonrpc":"2.0","id":8,"result":{}})"); },
       "no response"},
      {"an error of no id",
       [] {
         return Response::json(
             400, R"({"jsonrpc":"2.0","error":{"code":-32600,"message":"Invalid request"}})");
       },
       "Invalid request"},
      {"301", [] { return with_status(301, "", "/elsewhere"); }, "/elsewhere"},
      {"302", [] { return with_status(302, "", "http://elsewhere.example/mcp/pbm_secret"); },
       "http://elsewhere.example:80"},
      {"303", [] { return with_status(303, "", "/elsewhere"); }, "redirects"},
      {"307 to nowhere", [] { return with_status(307); }, "redirects"},
      {"307 to another server", [] { return with_status(307, "", "https://elsewhere.example/"); },
       "https://elsewhere.example:443"},
      {"308 for ever", [] { return with_status(308, "", "/mcp/pbm_secret"); }, "redirects"},
      {"400", [] { return with_status(400); }, "HTTP status 400"},
      {"404",
       [] {
         return Response::json(404, R"({"error":"not_found","error_description":"Unknown URL"})");
       },
       "Unknown URL"},
      {"413", [page] { return with_status(413, page); }, "client_max_body_size"},
      {"429",
       [] {
         Response response = with_status(429);
         response.headers.add("Retry-After", "30");
         return response;
       },
       "again in 30 seconds"},
      {"502", [page] { return with_status(502, page); }, "HTTP status 502: Bad Gateway"},
      {"a page with 200", [page] { return with_status(200, page); },
       "the page 'Bad Gateway', holds no response"},
  };
  for (const Case& test : all) {
    CAPTURE(test.what);
    Bridged bridge([&](const Request&) { return test.answer(); });
    int responses = 0;
    for (const json::Value& line : bridge.send(kCall)) {
      if (line.find("method") != nullptr) continue;
      ++responses;
      CHECK(line.int64_or("id", 0) == 7);
      const std::string said = error_of(line);
      CAPTURE(said);
      CHECK(said.find(test.says) != std::string::npos);
      CHECK((said.empty() == test.says.empty()));
      CHECK(said.find("pbm_secret") == std::string::npos);
    }
    CHECK(responses == 1);
    // A notification has none, whatever comes back.
    for (const json::Value& line :
         bridge.send(R"({"jsonrpc":"2.0","method":"notifications/initialized"})")) {
      CHECK(line.find("method") != nullptr);
    }
    for (const std::string& complaint : bridge.complaints()) {
      CHECK(complaint.find("pbm_secret") == std::string::npos);
    }
  }
}

TEST_CASE("429 keeps its Retry-After for a program as well") {
  Bridged bridge([](const Request&) {
    Response response = with_status(429);
    response.headers.add("Retry-After", "30");
    return response;
  });
  const auto lines = bridge.send(kCall);
  REQUIRE(lines.size() == 1);
  const json::Value* data = lines[0].find("error")->find("data");
  REQUIRE(data != nullptr);
  CHECK(data->int64_or("retry_after_seconds", 0) == 30);
  CHECK(data->int64_or("http_status", 0) == 429);
}

TEST_CASE("307 and 308 on the same server are followed with method and body, 308 for good") {
  for (const int status : {307, 308}) {
    std::string seen;
    Bridged bridge([&](const Request& request) {
      if (request.path != "/moved") return with_status(status, "", "/moved?x=1");
      seen = std::string(http::to_string(request.method)) + ' ' + std::string(request.query) + ' ' +
             request.body;
      return Response::json(200, std::string(kResult));
    });
    for (int i = 0; i < 2; ++i) {
      const auto lines = bridge.send(kCall);
      REQUIRE(lines.size() == 1);
      CHECK(lines[0].find("result") != nullptr);
    }
    CHECK(seen == "POST x=1 " + std::string(kCall));
    CHECK(bridge.asked == (status == 308 ? 3 : 4));
  }
}

TEST_CASE("each request of a batch has its response, also where the server has none") {
  const std::string batch = "[" + std::string(kCall) +
                            R"(,{"jsonrpc":"2.0","method":"notifications/initialized"})"
                            R"(,{"jsonrpc":"2.0","id":"b","method":"ping"}])";
  Bridged bridge([](const Request&) { return Response::json(200, std::string(kResult)); });
  const auto lines = bridge.send(batch);
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].find("result") != nullptr);
  CHECK(lines[1].string_or("id", "") == "b");
  CHECK(!error_of(lines[1]).empty());
}

TEST_CASE("what the server said at initialize is said again, also if it said so on a stream") {
  std::string version;
  Bridged bridge([&](const Request& request) {
    version = request.headers.find("MCP-Protocol-Version").value_or("none");
    return events(
        {event(R"({"jsonrpc":"2.0","id":7,"result":{"protocolVersion":"2025-06-18","ok":true}})")});
  });
  bridge.send(R"({"jsonrpc":"2.0","id":7,"method":"initialize","params":{}})");
  CHECK(version == "none");
  bridge.send(kCall);
  CHECK(version == "2025-06-18");
}

TEST_CASE("a listener is passed on, and ends when nothing more is asked") {
  constexpr std::string_view kListen =
      R"({"jsonrpc":"2.0","id":7,"method":"subscriptions/listen","params":{"notifications":{},)"
      R"("_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}})";
  Bridged bridge([](const Request&) {
    // A second long, unless its client goes.
    return events(std::vector<std::string>(50, event(kNote)));
  });
  bridge.after(std::chrono::milliseconds(100), [&] { bridge.under_test().stop_listening(); });
  const auto lines = bridge.send(kListen);
  CHECK(!lines.empty());
  CHECK(lines.size() < 40);
}

TEST_CASE("a byte order mark before the first line is skipped, and only there") {
  Bridged bridge([](const Request&) { return Response::json(200, std::string(kResult)); });
  CHECK(bridge.send("\xEF\xBB\xBF" + std::string(kCall))[0].find("result") != nullptr);
  CHECK(error_of(bridge.send("\xEF\xBB\xBF" + std::string(kCall))[0]) == "Parse error");
}

TEST_CASE("events are read however their bytes are cut, and whatever ends their lines") {
  const std::string stream =
      "\xEF\xBB\xBF: hello\r\n\r\nevent: message\rdata: {\"a\":\rdata:1}\r\rdata: 2\n\nid: 3\n\n"
      "data\n\ndata: unfinished";
  for (std::size_t cut = 1; cut < stream.size(); ++cut) {
    EventReader reader;
    std::vector<std::string> got;
    const auto take = [&](std::string_view data) { got.emplace_back(data); };
    for (std::size_t at = 0; at < stream.size(); at += cut) {
      reader.read(std::string_view(stream).substr(at, cut), take);
    }
    CHECK(got == std::vector<std::string>{"{\"a\": 1}", "2"});
  }
}

}  // namespace
}  // namespace patchbay::cli
