// Messages on their way to one client, before and beside the answer: progress, logs, questions,
// change events. Filled by a call or a hub, emptied by the coroutine that writes the stream. All on
// one loop.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/shares.h"
#include "http/message.h"
#include "io/deadline.h"
#include "io/event.h"

namespace patchbay::mcp {

class Outbox {
 public:
  // What waits for a client that does not read. One message may be longer, where nothing else
  // waits; whatever else would be too much closes it, and the stream ends.
  static constexpr std::size_t kMostBytes = 16 * 1024 * 1024;
  // From here on the client had better read before it asks for more.
  static constexpr std::size_t kManyBytes = 1024 * 1024;

  // `on_first`: called with the first message, for whoever has no writer yet. May be empty.
  explicit Outbox(std::function<void()> on_first = nullptr);

  // JSON text. Dropped once closed.
  void push(std::string message);
  // What is an event already, or a comment.
  void push_event(std::string event);
  // The same for what may be lost: dropped also while 64 messages wait for a slow client.
  void push_droppable(std::string message);
  // From here on what waits is put down to `holder` as well; beyond its share it is too much.
  void count_in(const std::shared_ptr<Shares>& bytes, std::string_view holder);
  // Nothing comes any more.
  void close();

  bool empty() const { return events_.empty(); }
  bool closed() const { return closed_; }
  // Closed since too much waited; what did is gone.
  bool overflowed() const { return overflowed_; }
  // That wait. From any thread.
  std::size_t bytes() const { return bytes_.load(std::memory_order_relaxed); }
  std::optional<std::string> pop();  // an event
  void note_written();               // all that was popped

  // Resumes when there is a message or it is closed; or when that time has passed: false.
  io::Task<bool> wait_for(std::chrono::milliseconds patience);
  // Resumes when all is written, or it is closed.
  io::Task<> wait_until_written();

 private:
  void wake();
  bool has_room_for(std::size_t bytes);
  void overflow();

  std::deque<std::string> events_;
  std::function<void()> on_first_;
  std::atomic<std::size_t> bytes_ = 0;
  Shares::Share counted_;
  bool closed_ = false;
  bool overflowed_ = false;
  bool writing_ = false;
  std::shared_ptr<io::Event> changed_;  // of the present wait, if there is one
  std::shared_ptr<io::Event> written_;  // the same
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
