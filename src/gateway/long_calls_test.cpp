// Calls that take long: what they say that they wait for, and what is still done of one that was
// given up.
#include <atomic>
#include <functional>
#include <regex>
#include <set>

#include "gateway/test_world.h"
#include "io/event.h"

namespace patchbay::gateway {

namespace {

using std::chrono::milliseconds;

constexpr const char* kList = "list_all_connect_wise_psa_tickets";
constexpr const char* kGet = "get_single_connect_wise_psa_ticket_by_id";
constexpr const char* kCreate = "create_a_connect_wise_psa_ticket";

// One loop, so that who looks and what is looked at take turns.
struct OneLoop {
  io::Runtime runtime{{.loops = 1}};
  OneLoop() { runtime.start(); }
  ~OneLoop() { runtime.stop(); }
};

// A call, and what happens beside it on its loop.
struct Beside {
  Waits waits;
  std::set<std::string> said;  // what the call waited for, each time that somebody looked
  bool over = false;
  io::Event looked;
};

io::Task<> look(Beside& beside) {
  while (!beside.over) {
    beside.said.insert(beside.waits.text());
    co_await io::sleep(milliseconds(2));
  }
  beside.looked.set();
}

std::set<std::string> said_during(Harness& harness, const std::string& tool,
                                  const std::string& arguments) {
  Beside beside;
  harness.context.waits = &beside.waits;
  harness.runtime().run(harness.runtime().loop(0), [&]() -> io::Task<> {
    io::spawn_here([&] { return look(beside); });
    auto parsed = json::parse(arguments);
    const auto result =
        co_await harness.gateway().call(*harness.tools->find(tool), *parsed, harness.context);
    CHECK_MESSAGE(!result.is_error, result.text);
    CHECK(beside.waits.text() == "Working on the answer.");
    beside.over = true;
    co_await beside.looked.wait();
  });
  harness.context.waits = nullptr;
  return beside.said;
}

bool any_fits(const std::set<std::string>& said, const char* pattern) {
  const std::regex wanted(pattern);
  return std::ranges::any_of(
      said, [&](const std::string& text) { return std::regex_match(text, wanted); });
}

io::Task<> cancel_when(std::shared_ptr<io::CancelSource> source, std::function<bool()> is_time) {
  while (!is_time()) co_await io::sleep(milliseconds(5));
  source->cancel();
}

std::function<bool()> after(milliseconds time) {
  return [end = std::chrono::steady_clock::now() + time] {
    return std::chrono::steady_clock::now() >= end;
  };
}

// The call's result; it is given up when it is time.
Answered given_up(Harness& harness, const std::string& tool, const std::string& arguments,
                  std::function<bool()> is_time) {
  Answered outcome;
  harness.runtime().run(harness.runtime().loop(0), [&]() -> io::Task<> {
    const auto source = std::make_shared<io::CancelSource>();
    CallContext context = harness.context;
    context.cancel = source->token();
    io::spawn_here([source, is_time] { return cancel_when(source, is_time); });
    auto parsed = json::parse(arguments);
    outcome.result = co_await harness.gateway().call(*harness.tools->find(tool), *parsed, context);
  });
  outcome.value = json::parse(outcome.result.text).value();
  return outcome;
}

std::string code_of(const Answered& outcome) {
  const auto* error = outcome.value.find("error");
  return error != nullptr ? std::string(error->string_or("code", "")) : "";
}

// An upstream that takes its time, and knows what it was asked to its end.
struct SlowUpstream {
  explicit SlowUpstream(io::Runtime& runtime, milliseconds takes)
      : server(runtime, {},
               [this, takes](http::Request& request) { return answer(request, takes); }) {
    REQUIRE(server.start());
  }
  io::Task<http::Response> answer(http::Request& request, milliseconds takes) {
    const bool writes = request.method == http::Method::post;
    if (writes) ++writes_begun;
    if (!writes && quick_reads) takes = milliseconds(0);
    const io::CancelToken gone = request.watch_disconnect();
    for (milliseconds waited{0}; waited < takes && !gone.cancelled(); waited += milliseconds(5)) {
      co_await io::sleep(milliseconds(5));
    }
    if (gone.cancelled()) ++left_alone;
    if (writes) co_return http::Response::json(201, R"({"id":77,"summary":"s"})");
    const bool one = request.path.back() >= '0' && request.path.back() <= '9';
    const std::string path(request.path);
    co_return http::Response::json(200, one ? R"({"id":)" + path.substr(path.rfind('/') + 1) + '}'
                                            : R"([{"id":40,"name":"Acme"}])");
  }
  std::atomic<bool> quick_reads = false;
  std::atomic<int> writes_begun = 0;
  std::atomic<int> left_alone = 0;
  http::Server server;
};

}  // namespace

TEST_CASE("long calls: what is waited for is said: the API, a turn, the end of a pause") {
  OneLoop loop;
  int asked = 0;
  StubUpstream upstream(loop.runtime, [&](const StubUpstream::Seen&) {
    if (++asked > 1) return http::Response::json(200, "[]");
    auto answer = http::Response::json(429, R"({"message":"Slow down."})");
    answer.headers.add("Retry-After", "2");
    return answer;
  });
  Harness harness(loop.runtime, upstream.port());
  harness.context.wait_on_rate_limit = true;
  const auto paused = said_during(harness, kList, "{}");
  CHECK(any_fits(paused, "Waiting for the end of the pause .*rate limit asks for, [12] s more\\."));

  SlowUpstream slow(loop.runtime, milliseconds(50));
  Harness patient(loop.runtime, slow.server.port());
  CHECK(said_during(patient, kGet, R"({"id":77})").contains("Waiting for the API."));

  GatewayOptions narrow;
  narrow.throttle.at_once = 1;
  Harness second(loop.runtime, slow.server.port(), narrow);
  loop.runtime.spawn(loop.runtime.loop(0), [&]() -> io::Task<> {
    const auto pass = co_await second.context.account->throttle().enter("", narrow.throttle, {});
    co_await io::sleep(milliseconds(100));
  });
  CHECK(said_during(second, kGet, R"({"id":77})")
            .contains("Waiting for a turn: other requests of this account are under way."));
}

TEST_CASE("long calls: a composite says at which step it is, and at which page of a long list") {
  // One request after the other, so that the first steps are done before the last.
  GatewayOptions narrow;
  narrow.throttle.at_once = 1;
  World world({.latency = milliseconds(10)}, narrow);
  const auto brief =
      said_during(world.harness, "connect_wise_psa_tickets_brief", R"({"ticketId":5012})");
  CHECK(any_fits(brief, "Step 1 of [0-9] \\([a-z_]+\\): waiting for the API\\."));
  CHECK(any_fits(brief, "Step [2-9] of [0-9] \\([a-z_]+\\): waiting for the API\\."));
  const auto sums = said_during(world.harness, "connect_wise_psa_time_entries_unbilled", "{}");
  CHECK(any_fits(sums, "Step 1 of 1 \\(time\\), page 1 of at most 5: waiting for the API\\."));
}

TEST_CASE("long calls: a read that was given up is left at once") {
  OneLoop loop;
  SlowUpstream upstream(loop.runtime, milliseconds(3'000));
  Harness harness(loop.runtime, upstream.server.port());
  const auto outcome = given_up(harness, kGet, R"({"id":77})", after(milliseconds(100)));
  CHECK(code_of(outcome) == "cancelled");
  for (int i = 0; i < 300 && upstream.left_alone == 0; ++i) {
    std::this_thread::sleep_for(milliseconds(10));
  }
  CHECK(upstream.left_alone == 1);
}

TEST_CASE("long calls: a write that was sent is carried to its end, whoever is gone") {
  OneLoop loop;
  SlowUpstream upstream(loop.runtime, milliseconds(300));
  upstream.quick_reads = true;
  Harness harness(loop.runtime, upstream.server.port());
  const auto outcome =
      given_up(harness, kCreate, R"({"summary":"s","company":40,"allow_duplicate":true})",
               [&] { return upstream.writes_begun > 0; });
  CHECK(upstream.writes_begun == 1);
  CHECK_MESSAGE(!outcome.result.is_error, outcome.result.text);
  CHECK(upstream.left_alone == 0);
}

TEST_CASE("long calls: a write that waits for its turn, or for a look-up, is not sent any more") {
  OneLoop loop;
  SlowUpstream upstream(loop.runtime, milliseconds(300));
  GatewayOptions narrow;
  narrow.throttle.at_once = 1;
  Harness harness(loop.runtime, upstream.server.port(), narrow);
  loop.runtime.spawn(loop.runtime.loop(0), [&]() -> io::Task<> {
    const auto pass = co_await harness.context.account->throttle().enter("", narrow.throttle, {});
    co_await io::sleep(milliseconds(400));
  });
  auto outcome =
      given_up(harness, kCreate, R"({"summary":"s","company":40,"allow_duplicate":true})",
               after(milliseconds(100)));
  CHECK(code_of(outcome) == "cancelled");
  CHECK(outcome.was_applied() == "no");
  std::this_thread::sleep_for(milliseconds(500));
  CHECK(upstream.writes_begun == 0);

  // The guard against doubles looks first.
  outcome = given_up(harness, kCreate, R"({"summary":"s","company":40})", after(milliseconds(100)));
  CHECK(code_of(outcome) == "cancelled");
  CHECK(outcome.was_applied() == "no");
  CHECK(upstream.writes_begun == 0);
}

}  // namespace patchbay::gateway
