// Takes messages to their receivers: a thread that claims what is due and puts down what came of
// it, and loops that send. Whoever changes something waits for none of it.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <thread>

#include "http/client.h"
#include "io/runtime.h"
#include "telemetry/log.h"
#include "telemetry/metrics.h"
#include "webhooks/outbox.h"
#include "webhooks/send.h"

namespace patchbay::webhooks {

class Courier {
 public:
  // All outlive it; `runtime` runs until it has stopped. `alone`: no other node has the database.
  struct Parts {
    io::Runtime& runtime;
    http::Client& client;
    store::WebhookRows& rows;
    Targets& targets;
    const vault::Vault& vault;
    const Clock& clock;
    telemetry::Metrics& metrics;
    const telemetry::Log& log;
    bool alone = true;
  };
  Courier(const Parts& parts, Reach reach);
  // What is on its way has a moment to come back; what does not is sent again, by whoever looks
  // next.
  ~Courier();
  Courier(const Courier&) = delete;
  Courier& operator=(const Courier&) = delete;

  // From the next attempt on. Thread-safe.
  void set_reach(Reach reach);

 private:
  struct Desk;
  struct CameBack;
  class Carried;

  static io::Task<> carry(std::shared_ptr<Desk> desk, http::Client& client,
                          std::shared_ptr<Carried> carried, const Clock& clock);
  void run();
  void settle_what_came_back();
  std::optional<WallTime> claim_and_send();
  void settle(const store::DeliveryRow& claimed, const Attempt& attempt);
  void tidy();
  void tell(const store::DeliveryRow& row, const Attempt& attempt) const;

  const Parts parts_;
  const std::shared_ptr<Desk> desk_;  // outlives what is on its way
  telemetry::Counter& delivered_;
  telemetry::Counter& refused_;
  telemetry::Counter& unreachable_;
  telemetry::Counter& given_up_;
  telemetry::Gauge& on_their_way_;

  // The thread's own.
  Outbox outbox_;
  Outbox::Loads loads_;
  const std::unique_ptr<CameBack> came_back_;  // and is not settled yet
  std::size_t carried_ = 0;                    // of all webhooks
  std::size_t next_loop_ = 0;
  WallTime tidied_at_{};
  bool has_begun_ = false;
  bool in_trouble_ = false;  // the database was away, and that was told

  std::thread thread_;
};

}  // namespace patchbay::webhooks
