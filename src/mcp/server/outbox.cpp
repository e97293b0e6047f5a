#include "mcp/server/outbox.h"

#include <utility>

#include "http/sse.h"
#include "io/runtime.h"

namespace patchbay::mcp {
namespace {

constexpr std::size_t kMostWaiting = 64;
constexpr std::size_t kMostDroppableBytes = 256 * 1024;

}  // namespace

Outbox::Outbox(std::function<void()> on_first) : on_first_(std::move(on_first)) {}

void Outbox::push(std::string message) {
  push_event(http::sse_event("message", message));
}

void Outbox::push_event(std::string event) {
  if (closed_) return;
  if (!has_room_for(event.size())) return overflow();
  bytes_ += event.size();
  events_.push_back(std::move(event));
  wake();
  if (on_first_) std::exchange(on_first_, nullptr)();
}

void Outbox::push_droppable(std::string message) {
  if (events_.size() < kMostWaiting && bytes() < kMostDroppableBytes) push(std::move(message));
}

void Outbox::count_in(const std::shared_ptr<Shares>& bytes, std::string_view holder) {
  if (bytes != nullptr) counted_ = bytes->charge(holder, 0);
}

bool Outbox::has_room_for(std::size_t bytes) {
  if (!events_.empty() && this->bytes() + bytes > kMostBytes) return false;
  return counted_.grow(bytes);
}

void Outbox::overflow() {
  overflowed_ = true;
  events_.clear();
  bytes_ = 0;
  counted_.give_back();
  close();
}

void Outbox::close() {
  closed_ = true;
  on_first_ = nullptr;
  wake();
  if (written_ != nullptr) written_->set();
}

std::optional<std::string> Outbox::pop() {
  if (events_.empty()) return std::nullopt;
  std::string event = std::move(events_.front());
  events_.pop_front();
  bytes_ -= event.size();
  counted_.shrink(event.size());
  writing_ = true;
  return event;
}

void Outbox::note_written() {
  writing_ = false;
  if (written_ != nullptr) written_->set();
}

void Outbox::wake() {
  if (changed_ != nullptr) changed_->set();
}

io::Task<bool> Outbox::wait_for(std::chrono::milliseconds patience) {
  if (!events_.empty() || closed_) co_return true;
  const auto changed = std::make_shared<io::Event>();
  changed_ = changed;
  io::Deadline deadline(io::Loop::current(), [event = changed.get()] { event->set(); });
  deadline.expires_after(patience);
  co_await changed->wait();
  changed_.reset();
  co_return !events_.empty() || closed_;
}

io::Task<> Outbox::wait_until_written() {
  if (closed_ || (events_.empty() && !writing_)) co_return;
  const auto written = std::make_shared<io::Event>();
  written_ = written;
  co_await written->wait();
  written_.reset();
}

io::Task<bool> write_events(Outbox& outbox, http::StreamWriter& writer,
                            std::chrono::milliseconds longest_silence, std::function<bool()> beat) {
  while (true) {
    while (std::optional<std::string> event = outbox.pop()) {
      if (!co_await writer.write(*event)) co_return false;
    }
    outbox.note_written();
    if (outbox.closed()) co_return true;
    if (co_await outbox.wait_for(longest_silence) || (beat && beat())) continue;
    if (!co_await writer.write(http::kSseKeepAlive)) co_return false;
  }
}

}  // namespace patchbay::mcp
