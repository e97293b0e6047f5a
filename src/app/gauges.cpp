#include "app/gauges.h"

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "gateway/gateway.h"
#include "mcp/endpoint.h"

namespace patchbay::app {

std::function<void()> make_gauges(telemetry::Metrics& metrics, const Gauged& of) {
  const auto gauge = [&metrics](const char* name, const char* help) {
    return &metrics.gauge(name, help);
  };
  return [of,
          in_flight =
              gauge("patchbay_bytes_in_flight", "Memory of bodies and answers on their way."),
          in_all = gauge("patchbay_bytes_in_flight_limit", "As much as there may be of it."),
          connections = gauge("patchbay_connections", "Connections of clients that are open."),
          streams = gauge("patchbay_event_streams", "Event streams that are open."),
          waiting = gauge("patchbay_waiting_calls", "Calls that wait for a turn at an account."),
          probes = gauge("patchbay_probes", "Accounts that are being proved."),
          unwritten = gauge("patchbay_unwritten_revocations",
                            "Revocations that hold, and are not in the database yet."),
          silent = gauge("patchbay_database_silent_seconds",
                         "How long ago a shared database was last heard.")] {
    const auto set = [](telemetry::Gauge* one, std::size_t value) {
      one->set(static_cast<std::int64_t>(value));
    };
    set(in_flight, of.bytes.held());
    set(in_all, of.bytes.in_all());
    set(connections, of.server->connections());
    set(streams, of.endpoint.streams());
    set(waiting, of.gateway.waiting());
    set(probes, of.control.probing());
    set(unwritten, of.control.unwritten());
    silent->set(std::chrono::duration_cast<std::chrono::seconds>(of.snapshot.trust.age()).count());
  };
}

}  // namespace patchbay::app
