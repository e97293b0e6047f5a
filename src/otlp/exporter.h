// Sends traces to a collector by OTLP/HTTP, in the background.
//
// Traces wait in a bounded queue; what finds no room is dropped and counted, and nothing that
// serves waits. A batch goes out half a second after its first trace came, or with the next one.
// A collector that says 429, 502, 503 or 504, or that cannot be reached, is tried again, with
// pauses that grow or are those of Retry-After; after a few times the batch is dropped.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "base/mutex.h"
#include "http/client.h"
#include "http/url.h"
#include "io/event.h"
#include "io/runtime.h"
#include "otlp/encode.h"
#include "telemetry/log.h"
#include "telemetry/metrics.h"
#include "telemetry/trace.h"

namespace patchbay::otlp {

// Where traces go. The headers may hold a key: they are sent there, and told nowhere.
struct Collector {
  http::Url endpoint;  // "/v1/traces" comes behind it
  http::Headers headers = {};
};

class Exporter : public std::enable_shared_from_this<Exporter> {
 public:
  // Spans: that wait, and that one request to the collector carries at most (about 200 KB).
  static constexpr std::size_t kMostWaiting = 4096;
  static constexpr std::size_t kMostAtOnce = 512;

  // `exported`, `dropped`: spans. What is given by reference outlives this.
  Exporter(io::Runtime& runtime, http::Client& client, Collector collector, Resource resource,
           telemetry::Counter& exported, telemetry::Counter& dropped, const telemetry::Log& log);

  // Begins to send, on one of the loops. Before they run, or while they do.
  void start();
  // Thread-safe; never blocks.
  void take(telemetry::FinishedTrace trace);
  // What waits is sent at once, if the collector takes it; what comes later is dropped. Returns
  // before it is; the loops end what goes on. Thread-safe.
  void stop();

 private:
  using Batch = std::vector<telemetry::FinishedTrace>;
  enum class Outcome : std::uint8_t { taken, refused, again };

  static io::Task<> run(std::shared_ptr<Exporter> self);
  io::Task<> send(Batch batch);
  io::Task<Outcome> send_once(const std::string& body, std::chrono::milliseconds& pause);
  io::Task<> rest(std::chrono::milliseconds time) const;
  Batch next_batch();
  void wake();
  void tell_trouble(std::string_view what);

  // Constant after construction, or synchronised by themselves.
  io::Runtime& runtime_;
  http::Client& client_;
  const Collector collector_;
  const Resource resource_;
  telemetry::Counter& exported_;
  telemetry::Counter& dropped_;
  const telemetry::Log& log_;
  std::atomic<bool> stopping_ = false;

  // The loop's that sends.
  std::shared_ptr<io::Event> work_;
  bool in_trouble_ = false;  // and told so

  Mutex mutex_;
  Batch waiting_ PATCHBAY_GUARDED_BY(mutex_);
  std::size_t spans_ PATCHBAY_GUARDED_BY(mutex_) = 0;
};

}  // namespace patchbay::otlp
