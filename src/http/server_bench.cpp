// The server and the client against each other's bar (DESIGN 13): how many requests one loop can
// answer, and how many answers of 60 KB one loop can fetch. Both ends share the machine's cores, so
// these are lower bounds; a load generator on another core says more.
#include <benchmark/benchmark.h>

#include "http/client.h"
#include "http/server.h"

namespace patchbay::http {

namespace {

constexpr std::string_view kSmall =
    R"({"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{"client":"bench"}}})";

std::shared_ptr<const std::string> large_body() {
  static const auto body = std::make_shared<const std::string>(60'000, 'x');
  return body;
}

io::Task<Response> answer(Request& request) {
  Response response = Response::json(200, request.body);
  if (request.path == "/large") response.shared = large_body();
  co_return response;
}

io::Task<> send_many(Client& client, ClientRequest request, int count, int& failures) {
  for (int i = 0; i < count; ++i) {
    ClientRequest copy = request;
    auto response = co_await client.send(std::move(copy));
    if (!response || response->status != 200) ++failures;
  }
}

void round_trips(benchmark::State& state, Method method, std::string target, std::string body) {
  io::Runtime runtime({.loops = 2});
  runtime.start();
  Server server(runtime, {}, answer);
  if (!server.start()) return state.SkipWithError("cannot listen");
  Client client(runtime, {.accept_gzip = false});
  ClientRequest request;
  request.method = method;
  request.origin = {false, "127.0.0.1", server.port()};
  request.target = std::move(target);
  request.body = std::move(body);
  request.allow_loopback = true;
  int failures = 0;
  constexpr int kBatch = 1000;
  for (auto _ : state) {
    runtime.run(runtime.loop(0),
                [&]() -> io::Task<> { return send_many(client, request, kBatch, failures); });
  }
  if (failures > 0) state.SkipWithError("requests failed");
  state.SetItemsProcessed(state.iterations() * kBatch);
}

}  // namespace

BENCHMARK_CAPTURE(round_trips, echo_80_bytes, Method::post, "/", std::string(kSmall))
    ->UseRealTime();
BENCHMARK_CAPTURE(round_trips, get_60_kilobytes, Method::get, "/large", std::string())
    ->UseRealTime();

}  // namespace patchbay::http
