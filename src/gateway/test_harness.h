// For tests: a gateway with the shipped ConnectWise pack before an upstream that the test plays.
#pragma once

#include <chrono>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/clock.h"
#include "base/mutex.h"
#include "catalog/tool.h"
#include "gateway/gateway.h"
#include "http/client.h"
#include "http/server.h"
#include "http/url.h"
#include "json/parse.h"
#include "json/write.h"
#include "pack/loader.h"
#include "upstream/account.h"

namespace patchbay::gateway {

// Runs like the machine's clock, on a day of its own: what a test says of dates stays true, and the
// sandbox's records, dated from its start, stay where they are.
class TestDay final : public Clock {
 public:
  WallTime now() const override {
    return std::chrono::sys_days(std::chrono::year(2026) / 11 / 22) + std::chrono::hours(15) +
           std::chrono::duration_cast<std::chrono::milliseconds>(monotonic() - began());
  }
  MonotonicTime monotonic() const override { return std::chrono::steady_clock::now(); }

 private:
  static MonotonicTime began() {
    static const MonotonicTime at = std::chrono::steady_clock::now();
    return at;
  }
};

// An upstream that records what it is asked and answers what the test says.
class StubUpstream {
 public:
  struct Seen {
    std::string method;
    std::string path;  // without the API's base
    std::map<std::string, std::string> query;
    std::string body;
    http::Headers headers;
  };
  using Answers = std::function<http::Response(const Seen&)>;

  StubUpstream(io::Runtime& runtime, Answers answers)
      : answers_(std::move(answers)),
        server_(runtime, {}, [this](http::Request& request) { return answer(request); }) {
    REQUIRE(server_.start());
  }
  std::uint16_t port() const { return server_.port(); }
  std::vector<Seen> seen() const {
    const MutexLock lock(mutex_);
    return seen_;
  }
  void forget() {
    const MutexLock lock(mutex_);
    seen_.clear();
  }

 private:
  io::Task<http::Response> answer(http::Request& request) {
    Seen seen;
    seen.method = http::to_string(request.method);
    seen.path = std::string(request.path).substr(std::string("/v4_6_release/apis/3.0").size());
    const auto query = http::parse_query(request.query);
    for (const auto& [name, value] : *query) seen.query[name] = value;
    seen.body = request.body;
    seen.headers = request.headers;
    {
      const MutexLock lock(mutex_);
      seen_.push_back(seen);
    }
    co_return answers_(seen);
  }

  Answers answers_;
  mutable Mutex mutex_;
  std::vector<Seen> seen_ PATCHBAY_GUARDED_BY(mutex_);
  http::Server server_;
};

struct Answered {
  json::Value value;  // the result's JSON
  CallResult result;
  // The error's message and all it says of its arguments; "" if it is none.
  std::string error() const {
    const auto* error = value.find("error");
    if (!result.is_error || error == nullptr) return {};
    std::string text(error->string_or("message", ""));
    if (const auto* fields = error->find("field_errors")) {
      for (const auto& field : *fields->if_array()) {
        text += '\n' + std::string(field.string_or("field", "")) + ": " +
                std::string(field.string_or("message", ""));
      }
    }
    return text + '\n' + std::string(error->string_or("hint", ""));
  }
  std::string was_applied() const {
    const auto* error = value.find("error");
    return error != nullptr ? std::string(error->string_or("was_applied", "")) : "";
  }
};

// Whatever is refused in these tests: no sentence breaks off where a list was empty, and what is
// told of an argument tells of which.
inline void check_error_says_something(const Answered& outcome) {
  const auto* error = outcome.value.find("error");
  if (!outcome.result.is_error || error == nullptr) return;
  const auto is_whole = [&](std::string_view text) {
    const bool ends = !text.empty() && !std::string_view(" :;,-(").contains(text.back());
    CHECK_MESSAGE(ends, outcome.result.text);
    for (const std::string_view hole : {": ;", ": .", ": ,", " '' ", " '';", " ()", "mean ?"}) {
      CHECK_MESSAGE(!text.contains(hole), outcome.result.text);
    }
  };
  is_whole(error->string_or("message", ""));
  const auto* fields = error->find("field_errors");
  if (fields == nullptr) return;
  for (const auto& field : *fields->if_array()) {
    CHECK_MESSAGE(!field.string_or("field", "").empty(), outcome.result.text);
    is_whole(field.string_or("message", ""));
  }
}

inline const std::shared_ptr<const catalog::ToolCatalog>& shipped_tools() {
  static const auto tools = [] {
    const auto loaded = pack::load_pack(pack::embedded_pack("connectwise_psa"));
    for (const auto& fault : loaded.problems) MESSAGE(fault.file << ": " << fault.message);
    REQUIRE(loaded.integration);
    auto generated = catalog::ToolCatalog::generate(loaded.integration);
    REQUIRE(generated.has_value());
    return *generated;
  }();
  return tools;
}

inline const std::map<std::string, std::string> kDemoCredentials = {
    {"company_id", "patchbay"},
    {"public_key", "demo-public-key"},
    {"private_key", "demo-private-key"},
    {"client_id", "00000000-0000-4000-8000-00000000d3a0"}};

// What sends calls to an upstream on this machine.
class Harness {
 public:
  explicit Harness(io::Runtime& runtime, std::uint16_t port, GatewayOptions options = {},
                   const std::map<std::string, std::string>& credentials = kDemoCredentials,
                   std::shared_ptr<const catalog::ToolCatalog> with = shipped_tools())
      : runtime_(runtime),
        client_(runtime, {}),
        sender_(client_),
        gateway_(runtime, sender_, clock_, {Secret(std::string(32, 'k'))}, options) {
    for (const auto& [name, value] : credentials) secrets_.emplace(name, Secret(value));
    secrets_.emplace("site", Secret("http://127.0.0.1:" + std::to_string(port)));
    tools = std::move(with);
    move_to("Europe/Berlin");
    context.scope_id = "srv_test";
    context.request_id = "req_1";
  }

  // The account's time zone.
  void move_to(const char* time_zone) {
    const auto zone = TimeZone::find(time_zone);
    REQUIRE(zone.has_value());
    auto account = upstream::Account::open(
        "acc_test", std::shared_ptr<const integration::Integration>(tools, &tools->integration()),
        secrets_, *zone);
    if (!account) MESSAGE(account.error().message);
    REQUIRE(account.has_value());
    context.account = *account;
  }

  // `arguments`: JSON text. On loop 0.
  Answered call(const std::string& tool_name, const std::string& arguments) {
    auto parsed = json::parse(arguments);
    REQUIRE(parsed.has_value());
    return call_value(tool_name, std::move(*parsed));
  }
  Answered call_value(const std::string& tool_name, json::Value arguments) {
    const auto* tool = tools->find(tool_name);
    REQUIRE_MESSAGE(tool != nullptr, tool_name);
    Answered outcome;
    runtime_.run(runtime_.loop(0), [&]() -> io::Task<> {
      outcome.result = co_await gateway_.call(*tool, std::move(arguments), context);
    });
    auto value = json::parse(outcome.result.text);
    CHECK_MESSAGE(value.has_value(), outcome.result.text);
    CHECK(outcome.result.text.size() <= context.max_result_bytes);
    if (value) outcome.value = std::move(*value);
    check_error_says_something(outcome);
    return outcome;
  }
  // Calls at the same time, on one loop.
  std::vector<CallResult> call_together(
      const std::vector<std::pair<std::string, std::string>>& calls) {
    std::vector<CallResult> results(calls.size());
    std::size_t left = calls.size();
    std::promise<void> done;
    for (std::size_t i = 0; i < calls.size(); ++i) {
      runtime_.spawn(runtime_.loop(0), [this, i, &calls, &results, &left, &done]() -> io::Task<> {
        auto parsed = json::parse(calls[i].second);
        results[i] = co_await gateway_.call(*tools->find(calls[i].first), *parsed, context);
        if (--left == 0) done.set_value();
      });
    }
    done.get_future().wait();
    return results;
  }

  io::Runtime& runtime() { return runtime_; }
  Gateway& gateway() { return gateway_; }
  upstream::Sender& sender() { return sender_; }

  std::shared_ptr<const catalog::ToolCatalog> tools;
  CallContext context;

 private:
  io::Runtime& runtime_;
  std::map<std::string, Secret> secrets_;
  TestDay clock_;
  http::Client client_;
  upstream::Sender sender_;
  Gateway gateway_;
};

}  // namespace patchbay::gateway
