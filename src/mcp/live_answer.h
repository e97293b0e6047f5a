// An answer that may have to be begun before it is whole.
//
// A call runs in the coroutine that answers its HTTP request, and most calls have nothing to say
// but their result: that is plain JSON, with whatever status it deserves. Where something is said
// first (progress, a log line, a question), or the call still runs after two seconds, the response
// begins as an event stream: a second coroutine, made only then, writes while the call runs, and
// the result is the last event. Where nothing is said for five seconds the stream tells that the
// call runs, since clients, connectors and proxies take what is silent for dead: by progress and
// what is waited for, if a progress token asks for it, else by a comment.
//
// A call that is over sooner pays one place in its loop's list of deadlines.
#pragma once

#include <memory>
#include <string>

#include "http/message.h"
#include "io/cancel.h"
#include "io/deadline.h"
#include "io/task.h"
#include "mcp/server/conversation.h"

namespace patchbay::mcp {

class LiveAnswer {
 public:
  // On the loop of the request, which outlives it. `takes_stream`: the client reads event streams.
  LiveAnswer(http::Request& request, bool takes_stream);
  ~LiveAnswer();
  LiveAnswer(const LiveAnswer&) = delete;
  LiveAnswer& operator=(const LiveAnswer&) = delete;

  bool can_speak() const { return takes_stream_; }
  // The call whose answer it is: asked what it waits for. `speaks`: it may also say something by
  // itself, which begins the stream. It lives until end().
  void attend(Conversation& conversation, bool speaks);
  // Cancelled when the client goes away, once the call takes long: sooner it is not worth a system
  // call.
  void give_up_through(std::shared_ptr<io::CancelSource> cancel) { cancel_ = std::move(cancel); }

  // A part of the answer, as an event of its own; begins the stream, and waits until it is written.
  // False: the client is gone.
  io::Task<bool> tell(std::string text);

  // The call is over. True: the stream has begun, and all that was said is written; what is left is
  // last_event(). False: nothing was said.
  io::Task<bool> end();

 private:
  struct Speech;
  static io::Task<> speak(std::shared_ptr<Speech> speech);
  static io::Task<> write(std::shared_ptr<Speech> speech);
  void begin();
  void take_long();
  void fall_silent();

  http::Request& request_;
  const bool takes_stream_;
  Conversation* conversation_ = nullptr;
  std::shared_ptr<io::CancelSource> cancel_;
  io::CancelToken::Registration gone_;
  std::shared_ptr<Speech> speech_;  // null: nothing was said
  io::Deadline patience_;
};

// A stream's end, or an event stream that has nothing else: the answer as one event.
http::Response last_event(std::string text);

}  // namespace patchbay::mcp
