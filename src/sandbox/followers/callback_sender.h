// Takes callbacks to their receivers, beside the API: nothing here is waited for by a request.
//
// Deliveries of one callback go one after the other, so that a receiver sees changes in their
// order; a slow receiver holds up nobody else's. What does not arrive is tried again a few times
// and then given up; what comes in while too much is waiting is dropped. /_sandbox/callbacks tells
// both.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>

#include "http/client.h"
#include "io/runtime.h"
#include "json/value.h"
#include "sandbox/followers/callbacks.h"

namespace patchbay::sandbox {

struct CallbackSenderOptions {
  std::size_t max_waiting = 1000;              // deliveries; more are dropped
  int attempts = 3;                            // of each delivery
  std::chrono::milliseconds first_pause{250};  // before the second attempt; then four times it
  std::chrono::milliseconds timeout{5'000};    // of one attempt
};

class CallbackSender {
 public:
  CallbackSender(io::Runtime& runtime, CallbackSenderOptions options);
  ~CallbackSender();
  CallbackSender(const CallbackSender&) = delete;

  // From any thread; returns at once.
  void send(Delivery delivery);
  // Ends what is under way. Not from a loop. Idempotent.
  void stop();
  // {"waiting", "deliveries": newest first, {"callback_id", "url", "outcome", "status"?,
  // "attempts"}}
  json::Value to_json() const;

  struct State;

 private:
  io::Runtime& runtime_;
  std::shared_ptr<State> state_;
};

}  // namespace patchbay::sandbox
