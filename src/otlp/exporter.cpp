#include "otlp/exporter.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/text.h"

namespace patchbay::otlp {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kGather{500};
constexpr milliseconds kTimeout{10'000};
constexpr int kAttempts = 5;
constexpr milliseconds kFirstPause{1'000};  // doubled each time: 1, 2, 4, 8 seconds
constexpr milliseconds kLongestPause{60'000};
constexpr milliseconds kStep{50};  // so soon a stop is seen
constexpr std::size_t kLargestAnswer = 64 * 1024;

bool may_be_tried_again(int status) {
  return status == 429 || status == 502 || status == 503 || status == 504;
}

std::size_t count(const std::vector<telemetry::FinishedTrace>& traces) {
  std::size_t spans = 0;
  for (const auto& trace : traces) spans += trace.spans.size();
  return spans;
}

}  // namespace

Exporter::Exporter(io::Runtime& runtime, http::Client& client, Collector collector,
                   Resource resource, telemetry::Counter& exported, telemetry::Counter& dropped,
                   const telemetry::Log& log)
    : runtime_(runtime),
      client_(client),
      collector_(std::move(collector)),
      resource_(std::move(resource)),
      exported_(exported),
      dropped_(dropped),
      log_(log),
      work_(std::make_shared<io::Event>()) {}

void Exporter::start() {
  runtime_.spawn(runtime_.loop(0), [self = shared_from_this()] { return run(self); });
}

void Exporter::take(telemetry::FinishedTrace trace) {
  const std::size_t spans = trace.spans.size();
  bool first = false;
  {
    const MutexLock lock(mutex_);
    if (stopping_.load() || spans_ + spans > kMostWaiting) {
      dropped_.add(spans);
      return;
    }
    first = waiting_.empty();
    spans_ += spans;
    waiting_.push_back(std::move(trace));
  }
  if (first) wake();
}

void Exporter::stop() {
  stopping_.store(true);
  wake();
}

// The event belongs to the loop.
void Exporter::wake() {
  if (!runtime_.running()) return;
  io::post(runtime_.loop(0), [self = shared_from_this()] { self->work_->set(); });
}

Exporter::Batch Exporter::next_batch() {
  const MutexLock lock(mutex_);
  Batch batch;
  std::size_t spans = 0;
  auto end = waiting_.begin();
  for (; end != waiting_.end() && (spans == 0 || spans + end->spans.size() <= kMostAtOnce); ++end) {
    spans += end->spans.size();
  }
  batch.assign(std::make_move_iterator(waiting_.begin()), std::make_move_iterator(end));
  waiting_.erase(waiting_.begin(), end);
  spans_ -= spans;
  return batch;
}

io::Task<> Exporter::run(std::shared_ptr<Exporter> self) {
  while (true) {
    const std::shared_ptr<io::Event> work = self->work_;
    co_await work->wait();
    self->work_ = std::make_shared<io::Event>();
    co_await self->rest(kGather);
    for (Batch batch = self->next_batch(); !batch.empty(); batch = self->next_batch()) {
      co_await self->send(std::move(batch));
    }
    if (self->stopping_.load()) co_return;
  }
}

// In steps, so that a stop does not wait for it.
io::Task<> Exporter::rest(milliseconds time) const {
  for (milliseconds left = time; left.count() > 0 && !stopping_.load(); left -= kStep) {
    co_await io::sleep(std::min(left, kStep));
  }
}

io::Task<> Exporter::send(Batch batch) {
  const std::string body = encode(resource_, batch);
  const std::size_t spans = count(batch);
  batch.clear();
  milliseconds pause = kFirstPause;
  for (int attempt = 1;; ++attempt, pause *= 2) {
    milliseconds wanted = pause;
    const Outcome outcome = co_await send_once(body, wanted);
    if (outcome == Outcome::taken) {
      in_trouble_ = false;
      exported_.add(spans);
      co_return;
    }
    if (outcome == Outcome::refused || attempt == kAttempts || stopping_.load()) {
      dropped_.add(spans);
      co_return;
    }
    co_await rest(std::min(wanted, kLongestPause));
  }
}

// `pause`: what it is set to where the collector says it.
io::Task<Exporter::Outcome> Exporter::send_once(const std::string& body, milliseconds& pause) {
  http::ClientRequest request;
  request.method = http::Method::post;
  request.origin = collector_.endpoint.origin;
  request.target = collector_.endpoint.path;
  while (request.target.ends_with('/')) request.target.pop_back();
  request.target += "/v1/traces";
  request.headers.add("Content-Type", "application/json");
  for (const auto& [name, value] : collector_.headers) request.headers.add(name, value);
  request.body = body;
  request.timeout = kTimeout;
  request.max_response_bytes = kLargestAnswer;
  // Whoever runs this has named it.
  request.allow_private_addresses = true;
  request.allow_loopback = true;
  const auto answer = co_await client_.send(std::move(request));
  if (!answer) {
    tell_trouble(answer.error().error.message);
    co_return Outcome::again;
  }
  if (answer->status >= 200 && answer->status < 300) co_return Outcome::taken;
  tell_trouble("It answered " + std::to_string(answer->status) + ".");
  if (!may_be_tried_again(answer->status)) co_return Outcome::refused;
  const auto seconds = parse_int64(trim(answer->headers.find("Retry-After").value_or("")));
  if (seconds && *seconds >= 0) {
    pause = std::chrono::seconds(std::min<std::int64_t>(*seconds, kLongestPause.count() / 1000));
  }
  co_return Outcome::again;
}

// Once, until it works again: a collector that is down is no reason for a flood of lines.
void Exporter::tell_trouble(std::string_view what) {
  if (std::exchange(in_trouble_, true)) return;
  log_.write(telemetry::Level::warning, "The collector of traces does not take them.",
             {{"why", what}});
}

}  // namespace patchbay::otlp
