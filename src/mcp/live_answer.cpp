#include "mcp/live_answer.h"

#include <exception>
#include <utility>

#include "http/sse.h"
#include "io/event.h"
#include "io/runtime.h"
#include "mcp/access.h"

namespace patchbay::mcp {
namespace {

// Until then most calls are over, and nobody has lost patience.
constexpr std::chrono::milliseconds kShortCall{2'000};

io::Task<> write_last(std::shared_ptr<const std::string> text, http::StreamWriter& writer) {
  const std::string event = http::sse_event("message", *text);
  co_await writer.write(event);
}

}  // namespace

// What the answer and the coroutine that writes for it share: each may be gone before the other.
struct LiveAnswer::Speech {
  std::shared_ptr<http::StreamWriter> writer;
  std::shared_ptr<Outbox> outbox;
  Conversation* conversation = nullptr;  // null: nobody to ask, or the call is over
  io::Event over;                        // nothing is written any more

  // Whether the call has said that it runs.
  bool beat() const { return conversation != nullptr && conversation->beat(); }
};

LiveAnswer::LiveAnswer(http::Request& request, bool takes_stream)
    : request_(request),
      takes_stream_(takes_stream && request.begin_stream),
      patience_(io::Loop::current(), [this] { take_long(); }) {
  patience_.expires_after(kShortCall);
}

LiveAnswer::~LiveAnswer() {
  fall_silent();
}

void LiveAnswer::fall_silent() {
  patience_.clear();
  if (conversation_ != nullptr && conversation_->outbox) conversation_->outbox->close();
  conversation_ = nullptr;
  if (!speech_) return;
  speech_->conversation = nullptr;
  speech_->outbox->close();
}

void LiveAnswer::attend(Conversation& conversation, bool speaks) {
  conversation_ = &conversation;
  if (speaks) conversation.outbox = std::make_shared<Outbox>([this] { begin(); });
}

void LiveAnswer::take_long() {
  if (cancel_ && request_.watch_disconnect) {
    gone_ = request_.watch_disconnect().on_cancel([cancel = cancel_] { cancel->cancel(); });
  }
  begin();
}

void LiveAnswer::begin() {
  if (speech_ || !takes_stream_) return;
  http::Response head = http::sse_response(nullptr);
  add_common_headers(head, request_.headers);
  speech_ = std::make_shared<Speech>();
  speech_->writer = request_.begin_stream(head);
  speech_->conversation = conversation_;
  if (conversation_ != nullptr) speech_->outbox = conversation_->outbox;
  if (!speech_->outbox) speech_->outbox = std::make_shared<Outbox>();
  io::spawn_here([speech = speech_] { return speak(speech); });
}

io::Task<> LiveAnswer::speak(std::shared_ptr<Speech> speech) {
  // Begun because something was said; or because it takes long, which is said at once.
  try {
    co_await write(speech);
  } catch (const std::exception&) {
    // Want of memory: as if the client were gone. Who waits for the end must not wait for ever.
    speech->conversation = nullptr;
  }
  speech->outbox->close();  // nobody reads what would come
  speech->over.set();
}

io::Task<> LiveAnswer::write(std::shared_ptr<Speech> speech) {
  bool there = true;
  if (speech->outbox->empty() && !speech->outbox->closed() && !speech->beat()) {
    there = co_await speech->writer->write(http::kSseKeepAlive);
  }
  if (there) {
    co_await write_events(*speech->outbox, *speech->writer, kLiveRhythm,
                          [speech] { return speech->beat(); });
  }
}

io::Task<bool> LiveAnswer::tell(std::string text) {
  begin();
  if (!speech_) co_return false;
  const auto outbox = speech_->outbox;
  outbox->push(std::move(text));
  co_await outbox->wait_until_written();
  co_return !outbox->closed();
}

io::Task<bool> LiveAnswer::end() {
  fall_silent();
  if (!speech_) co_return false;
  co_await speech_->over.wait();
  co_return true;
}

http::Response last_event(std::string text) {
  auto shared = std::make_shared<const std::string>(std::move(text));
  return http::sse_response(
      [shared](http::StreamWriter& writer) { return write_last(shared, writer); });
}

}  // namespace patchbay::mcp
