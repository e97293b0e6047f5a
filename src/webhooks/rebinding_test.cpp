// A receiver's name that comes to mean another place: the address that is connected to counts, at
// each attempt, and not what the name meant when the webhook was made.
#include <atomic>
#include <string>
#include <utility>

#include <dlfcn.h>
#include <doctest/doctest.h>
#include <netdb.h>

#include "http/client.h"
#include "http/server.h"
#include "io/runtime.h"
#include "webhooks/send.h"

namespace {

constexpr const char* kName = "hooks.rebound.test";
std::string& meant() {
  static std::string address;
  return address;
}

}  // namespace

// In place of the system's, for this program: whoever owns a name says what it means.
extern "C" int getaddrinfo(const char* host, const char* service, const addrinfo* wanted,
                           addrinfo** found) {
  using Real = int (*)(const char*, const char*, const addrinfo*, addrinfo**);
  static const auto kReal = reinterpret_cast<Real>(::dlsym(RTLD_NEXT, "getaddrinfo"));
  const bool is_ours = host != nullptr && std::string(host) == kName;
  return kReal(is_ours ? meant().c_str() : host, service, wanted, found);
}

namespace patchbay::webhooks {
namespace {

struct Receiver {
  io::Runtime runtime{{.loops = 1, .blocking_threads = 1}};
  std::atomic<int> got = 0;
  http::Server server{runtime, {}, [this](http::Request&) -> io::Task<http::Response> {
                        ++got;
                        co_return http::Response::text(200, "");
                      }};

  Receiver() {
    runtime.start();
    REQUIRE(server.start());
  }
  ~Receiver() {
    server.stop(std::chrono::milliseconds(0));
    runtime.stop();
  }

  // By a client that has no connection to it yet.
  Attempt post_to(const std::string& address, Reach reach) {
    meant() = address;
    http::Client client(runtime, {});
    const auto places = Shares::make(1);
    Parcel parcel{.row = {},
                  .target = {},
                  .payload = Secret("{}"),
                  .place = std::move(*places->take("env_1", 1))};
    parcel.row.message_id = "msg_1";
    parcel.target.secrets.emplace_back("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    parcel.target.url.origin = {false, kName, server.port()};
    parcel.target.url.path = "/";
    Attempt attempt;
    const SystemClock clock;
    runtime.run(runtime.loop(0),
                [&]() -> io::Task<> { attempt = co_await send(client, parcel, reach, clock); });
    return attempt;
  }
};

}  // namespace

TEST_CASE("a receiver whose name comes to mean a private address gets nothing there") {
  Receiver receiver;
  const Reach machine{.private_addresses = false, .loopback = true};
  CHECK(receiver.post_to("127.0.0.1", machine).outcome == Attempt::Outcome::delivered);
  REQUIRE(receiver.got == 1);
  for (const char* elsewhere : {"10.0.0.1", "192.168.1.1", "172.16.0.1", "169.254.169.254",
                                "fd00::1", "::ffff:10.0.0.1", "100.64.0.1"}) {
    CAPTURE(elsewhere);
    const Attempt attempt = receiver.post_to(elsewhere, machine);
    CHECK(attempt.outcome == Attempt::Outcome::unreachable);
    CHECK_FALSE(attempt.status.has_value());
    CHECK_FALSE(attempt.error.contains("timed out"));
  }
  // Nor on this machine, where that is not allowed either.
  const Attempt attempt = receiver.post_to("127.0.0.1", {});
  CHECK(attempt.outcome == Attempt::Outcome::unreachable);
  CHECK(receiver.got == 1);
}

}  // namespace patchbay::webhooks
