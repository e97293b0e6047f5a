// Messages on their way to one client, before and beside the answer: progress, logs, questions,
// change events. Filled by a call or a hub, emptied by the coroutine that writes the stream. All on
// one loop.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "http/message.h"
#include "io/deadline.h"
#include "io/event.h"

namespace patchbay::mcp {

class Outbox {
 public:
  Outbox();

  // JSON text. Dropped once closed.
  void push(std::string message);
  // The same for what may be lost: dropped also while 64 messages wait for a slow client.
  void push_droppable(std::string message);
  // Nothing comes any more.
  void close();

  bool empty() const { return messages_.empty(); }
  bool closed() const { return closed_; }
  std::optional<std::string> pop();

  // Resumes when there is a message or it is closed.
  io::Task<> wait();
  // The same, or when that time has passed: false.
  io::Task<bool> wait_for(std::chrono::milliseconds patience);

 private:
  void wake();

  std::deque<std::string> messages_;
  bool closed_ = false;
  std::shared_ptr<io::Event> changed_;  // of the present wait, if there is one
};

// Writes what the outbox holds as events, with a comment every 15 seconds where nothing comes (some
// proxies and clients give up on a silent body), until it is closed and empty. False: the client is
// gone. `outbox` lives until the task ends.
io::Task<bool> write_events(Outbox& outbox, http::StreamWriter& writer);

}  // namespace patchbay::mcp
