#include "mcp/server/outbox.h"

#include <utility>

#include "http/sse.h"
#include "io/runtime.h"

namespace patchbay::mcp {
namespace {

constexpr std::size_t kMostWaiting = 64;
constexpr std::chrono::seconds kKeepAlive{15};

}  // namespace

Outbox::Outbox() = default;

void Outbox::push(std::string message) {
  if (closed_) return;
  messages_.push_back(std::move(message));
  wake();
}

void Outbox::push_droppable(std::string message) {
  if (messages_.size() < kMostWaiting) push(std::move(message));
}

void Outbox::close() {
  closed_ = true;
  wake();
}

std::optional<std::string> Outbox::pop() {
  if (messages_.empty()) return std::nullopt;
  std::string message = std::move(messages_.front());
  messages_.pop_front();
  return message;
}

void Outbox::wake() {
  if (changed_ != nullptr) changed_->set();
}

io::Task<> Outbox::wait() {
  if (!messages_.empty() || closed_) co_return;
  const auto changed = std::make_shared<io::Event>();
  changed_ = changed;
  co_await changed->wait();
  changed_.reset();
}

io::Task<bool> Outbox::wait_for(std::chrono::milliseconds patience) {
  if (!messages_.empty() || closed_) co_return true;
  const auto changed = std::make_shared<io::Event>();
  changed_ = changed;
  io::Deadline deadline(io::Loop::current(), [event = changed.get()] { event->set(); });
  deadline.expires_after(patience);
  co_await changed->wait();
  changed_.reset();
  co_return !messages_.empty() || closed_;
}

io::Task<bool> write_events(Outbox& outbox, http::StreamWriter& writer) {
  while (true) {
    while (std::optional<std::string> message = outbox.pop()) {
      const std::string event = http::sse_event("message", *message);
      if (!co_await writer.write(event)) co_return false;
    }
    if (outbox.closed()) co_return true;
    if (!co_await outbox.wait_for(kKeepAlive)) {
      if (!co_await writer.write(http::kSseKeepAlive)) co_return false;
    }
  }
}

}  // namespace patchbay::mcp
