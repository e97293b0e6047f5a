// Messages on their way to one client, before and beside the answer: progress, logs, questions,
// change events. Filled by a call or a hub, emptied by the coroutine that writes the stream. All on
// one loop.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "http/message.h"
#include "io/deadline.h"
#include "io/event.h"

namespace patchbay::mcp {

class Outbox {
 public:
  // `on_first`: called with the first message, for whoever has no writer yet. May be empty.
  explicit Outbox(std::function<void()> on_first = nullptr);

  // JSON text. Dropped once closed.
  void push(std::string message);
  // What is an event already, or a comment.
  void push_event(std::string event);
  // The same for what may be lost: dropped also while 64 messages wait for a slow client.
  void push_droppable(std::string message);
  // Nothing comes any more.
  void close();

  bool empty() const { return events_.empty(); }
  bool closed() const { return closed_; }
  std::optional<std::string> pop();  // an event

  // Resumes when there is a message or it is closed; or when that time has passed: false.
  io::Task<bool> wait_for(std::chrono::milliseconds patience);

 private:
  void wake();

  std::deque<std::string> events_;
  std::function<void()> on_first_;
  bool closed_ = false;
  std::shared_ptr<io::Event> changed_;  // of the present wait, if there is one
};

// The longest silence of a stream that nobody waits on for an answer, and of one that somebody
// does: five seconds, less what a deadline may be late and what the way takes.
inline constexpr std::chrono::milliseconds kIdleRhythm{15'000};
inline constexpr std::chrono::milliseconds kLiveRhythm{4'800};

// Writes what the outbox holds, until it is closed and empty; and something whenever nothing came
// for a while, since proxies and clients give up on a silent body: a comment, unless `beat` says
// that it has put in something better. False: the client is gone. `outbox` lives until the task
// ends.
io::Task<bool> write_events(Outbox& outbox, http::StreamWriter& writer,
                            std::chrono::milliseconds longest_silence = kIdleRhythm,
                            std::function<bool()> beat = nullptr);

}  // namespace patchbay::mcp
