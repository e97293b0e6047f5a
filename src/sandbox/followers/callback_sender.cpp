#include "sandbox/followers/callback_sender.h"

#include <algorithm>
#include <deque>
#include <map>
#include <optional>

#include <fmt/core.h>

#include "base/mutex.h"
#include "http/url.h"
#include "io/cancel.h"

namespace patchbay::sandbox {
namespace {

using std::chrono::milliseconds;

struct Outcome {
  std::int64_t callback = 0;
  std::string url;
  std::string outcome;  // "delivered", "failed", "dropped"
  int status = 0;       // of the last answer; 0: there was none
  int attempts = 0;
};

// What /_sandbox/callbacks remembers.
constexpr std::size_t kRemembered = 200;
// A stop waits this long for what runs to end; it is cancelled before.
constexpr std::chrono::seconds kStopPatience{3};

}  // namespace

struct CallbackSender::State {
  // Constant after construction.
  CallbackSenderOptions options;
  std::unique_ptr<http::Client> client;  // used on loop 0 only

  io::CancelSource gone;  // of loop 0

  mutable Mutex mutex;
  Condition ended;
  bool stopped PATCHBAY_GUARDED_BY(mutex) = false;
  std::size_t waiting PATCHBAY_GUARDED_BY(mutex) = 0;
  // By callback. An entry is there while a worker takes care of it.
  std::map<std::int64_t, std::deque<Delivery>> queues PATCHBAY_GUARDED_BY(mutex);
  std::deque<Outcome> outcomes PATCHBAY_GUARDED_BY(mutex);

  void remember(Outcome outcome) PATCHBAY_REQUIRES(mutex) {
    outcomes.push_front(std::move(outcome));
    if (outcomes.size() > kRemembered) outcomes.pop_back();
  }

  bool is_stopped() const {
    const MutexLock lock(mutex);
    return stopped;
  }

  // The next delivery of a callback; none: its worker is done.
  std::optional<Delivery> take(std::int64_t callback) {
    const MutexLock lock(mutex);
    std::deque<Delivery>& queue = queues[callback];
    if (stopped || queue.empty()) {
      waiting -= queue.size();
      queues.erase(callback);
      ended.notify_all();
      return std::nullopt;
    }
    Delivery next = std::move(queue.front());
    queue.pop_front();
    --waiting;
    return next;
  }
};

namespace {

using StatePointer = std::shared_ptr<CallbackSender::State>;

http::ClientRequest to_request(const Delivery& delivery, const CallbackSender::State& state) {
  const http::Url url = *http::parse_url(delivery.url);  // was one when the entry matched
  http::ClientRequest request;
  request.method = http::Method::post;
  request.origin = url.origin;
  request.target = url.query.empty() ? url.path : url.path + "?" + url.query;
  request.headers.add("Content-Type", "application/json");
  request.headers.add("x-content-signature", delivery.signature);
  request.body = delivery.body;
  request.timeout = state.options.timeout;
  request.max_response_bytes = 64 * 1024;
  request.allow_loopback = true;
  request.cancel = state.gone.token();
  return request;
}

// In steps, so that a stop is noticed.
io::Task<> pause(StatePointer state, milliseconds length) {
  constexpr milliseconds kStep{20};
  while (length.count() > 0 && !state->is_stopped()) {
    co_await io::sleep(std::min(length, kStep));
    length -= kStep;
  }
}

io::Task<> deliver(StatePointer state, Delivery delivery) {
  Outcome outcome{delivery.callback, delivery.url, "failed", 0, 0};
  milliseconds length = state->options.first_pause;
  while (outcome.attempts < state->options.attempts && !state->is_stopped()) {
    if (outcome.attempts > 0) {
      co_await pause(state, length);
      length *= 4;
    }
    ++outcome.attempts;
    http::ClientRequest request = to_request(delivery, *state);
    auto response = co_await state->client->send(std::move(request));
    outcome.status = response ? response->status : 0;
    if (response && response->status >= 200 && response->status < 300) {
      outcome.outcome = "delivered";
      break;
    }
  }
  const MutexLock lock(state->mutex);
  state->remember(std::move(outcome));
}

io::Task<> work(StatePointer state, std::int64_t callback) {
  while (std::optional<Delivery> next = state->take(callback)) {
    co_await deliver(state, std::move(*next));
  }
}

}  // namespace

CallbackSender::CallbackSender(io::Runtime& runtime, CallbackSenderOptions options)
    : runtime_(runtime), state_(std::make_shared<State>()) {
  state_->options = options;
  state_->client = std::make_unique<http::Client>(runtime, http::ClientOptions{});
}

CallbackSender::~CallbackSender() {
  stop();
}

void CallbackSender::send(Delivery delivery) {
  const std::int64_t callback = delivery.callback;
  {
    const MutexLock lock(state_->mutex);
    if (state_->stopped) return;
    if (state_->waiting >= state_->options.max_waiting) {
      state_->remember({callback, delivery.url, "dropped", 0, 0});
      return;
    }
    const bool has_worker = state_->queues.contains(callback);
    state_->queues[callback].push_back(std::move(delivery));
    ++state_->waiting;
    if (has_worker) return;
  }
  StatePointer state = state_;
  runtime_.spawn(runtime_.loop(0), [state, callback] { return work(state, callback); });
}

void CallbackSender::stop() {
  {
    const MutexLock lock(state_->mutex);
    state_->stopped = true;
  }
  if (runtime_.running()) {
    io::post(runtime_.loop(0), [state = state_] { state->gone.cancel(); });
    if (io::Loop::if_current()) return;
    const MutexLock lock(state_->mutex);
    const auto until = std::chrono::steady_clock::now() + kStopPatience;
    while (!state_->queues.empty() && state_->ended.wait_until(state_->mutex, until)) {
    }
    if (!state_->queues.empty()) return;  // its worker still has the client
  }
  // Before the runtime goes: what workers left behind on its loops holds the state, not the client.
  state_->client.reset();
}

json::Value CallbackSender::to_json() const {
  const MutexLock lock(state_->mutex);
  json::Array deliveries;
  for (const Outcome& one : state_->outcomes) {
    json::Object shown{{"callback_id", one.callback}, {"url", one.url}, {"outcome", one.outcome}};
    if (one.status != 0) shown.append("status", one.status);
    if (one.attempts != 0) shown.append("attempts", one.attempts);
    deliveries.emplace_back(std::move(shown));
  }
  return json::Object{{"waiting", static_cast<std::int64_t>(state_->waiting)},
                      {"deliveries", std::move(deliveries)}};
}

}  // namespace patchbay::sandbox
