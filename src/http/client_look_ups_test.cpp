// Name look-ups block a thread each: how many there may be at a time, by domain.
#include <vector>

#include <doctest/doctest.h>

#include "base/shares.h"
#include "http/test_client.h"
#include "http/test_socket.h"
#include "telemetry/watch.h"

namespace patchbay::http {

TEST_CASE("name look-ups of one domain are few, and leave room for those of others") {
  RawServer server([](RawServer::Peer& peer, int) {
    peer.read_head();
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  });
  const auto look_ups = Shares::make(16);
  const ManualClock clock{WallTime()};
  const telemetry::Log nowhere(-1, telemetry::Level::error);
  telemetry::Metrics metrics;
  telemetry::Watch watch(nowhere, metrics, clock);
  Setup setup({.look_ups = look_ups, .watch = &watch});
  const auto told = [&] {
    return metrics.expose().contains(R"(patchbay_security_events_total{event="limit_hit"} 1)");
  };
  const auto ask = [&](const std::string& host) {
    ClientRequest request = request_to(server.port());
    request.origin.host = host;
    return setup.send(request);
  };
  // As four that hang, of hosts of the same domain.
  std::vector<Shares::Share> hanging;
  for (int i = 0; i < 4; ++i) {
    auto place = look_ups->take("slow.invalid", 1);
    REQUIRE(place);
    hanging.push_back(std::move(*place));
  }
  const auto refused = ask("one-more.slow.invalid");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().error.code == ErrorCode::unavailable);
  CHECK(refused.error().error.message.contains("Too many name look-ups"));
  CHECK_FALSE(refused.error().maybe_sent);
  CHECK(told());
  CHECK(ask("localhost").has_value());

  hanging.clear();
  const auto asked = ask("one-more.slow.invalid");
  REQUIRE_FALSE(asked);  // there is no such host
  CHECK_FALSE(asked.error().error.message.contains("Too many name look-ups"));
  CHECK(look_ups->held() == 0);
}

}  // namespace patchbay::http
