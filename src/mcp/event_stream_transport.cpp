#include "mcp/event_stream_transport.h"

#include <chrono>
#include <exception>
#include <optional>
#include <utility>
#include <vector>

#include "base/random.h"
#include "http/sse.h"
#include "http/url.h"
#include "io/deadline.h"
#include "io/receipt.h"
#include "mcp/ladder.h"
#include "mcp/wire/result.h"

namespace patchbay::mcp {
namespace {

// Calls of one session that run at a time.
constexpr std::size_t kMostUnderWay = 64;
// And of one URL, whatever the number of its sessions: sessions cost nothing but a socket.
constexpr std::size_t kMostUnderWayOfUrl = 256;
// What a call holds of the budget until it is answered, for each byte of its body: the copy, its
// tree, and the request that is made of it (measured: 2.8 GB for 883 MB of bodies).
constexpr std::size_t kHeldPerByte = 3;
// And whatever its body is: coroutine frames, headers, the conversation.
constexpr std::size_t kHeldPerCall = 16 * 1024;
// How soon a call that says much looks again whether it was read.
constexpr std::chrono::milliseconds kUnreadPause{20};
// How soon a stream ends behind the server that it belongs to.
constexpr std::chrono::milliseconds kTick{50};

http::Response busy(std::string_view why, std::string_view retry_after_seconds) {
  http::Response response = refusal(503, "unavailable", why);
  response.headers.add("Retry-After", retry_after_seconds);
  return response;
}

std::string session_of(std::string_view query) {
  const auto parameters = http::parse_query(query);
  if (!parameters) return {};
  for (const auto& [name, value] : *parameters) {
    if (name == "sessionId") return value;
  }
  return {};
}

}  // namespace

// What of a POST outlives it.
struct EventStreamTransport::Kept {
  std::shared_ptr<const Server> server;
  McpServices& services;
  io::Loop& loop;
  io::Loop& session_loop;
  // Until the call is answered: its POST is, and gives back what it held.
  Shares::Share place = {};
  Shares::Share bytes = {};
  http::Request request = {};
  // The session's end, on the loop of the POST.
  std::shared_ptr<io::CancelSource> gone = std::make_shared<io::CancelSource>();
};

struct EventStreamTransport::Session {
  std::string id;
  std::shared_ptr<const Server> server;
  io::Loop* loop = nullptr;  // set before anybody learns of the session
  Outbox outbox;             // the loop's, save what says otherwise
  Shares::Share place;
  Mutex mutex;
  bool ended PATCHBAY_GUARDED_BY(mutex) = false;
  std::vector<std::weak_ptr<Kept>> under_way PATCHBAY_GUARDED_BY(mutex);

  // On the loop of the POST. False: too many run already.
  bool add(const std::shared_ptr<Kept>& kept) {
    const MutexLock lock(mutex);
    std::erase_if(under_way, [](const std::weak_ptr<Kept>& old) { return old.expired(); });
    if (under_way.size() >= kMostUnderWay) return false;
    if (ended) {
      kept->gone->cancel();
    } else {
      under_way.push_back(kept);
    }
    return true;
  }
  bool is_over = false;  // its server is gone
  // On its loop. The stream ends a tick after its server, so that calls which end with that can say
  // so.
  void look() { is_over = is_over || !server->current_listings(); }
  // Nobody reads answers any more.
  void end() {
    const MutexLock lock(mutex);
    ended = true;
    for (const std::weak_ptr<Kept>& weak : under_way) {
      if (const auto kept = weak.lock()) io::post(kept->loop, [kept] { kept->gone->cancel(); });
    }
  }
};

// Its session ends and is forgotten with its stream, however that ends.
class EventStreamTransport::Listed {
 public:
  Listed(EventStreamTransport& transport, Session& session)
      : transport_(transport), session_(session) {}
  ~Listed() {
    session_.end();
    const MutexLock lock(transport_.mutex_);
    transport_.sessions_.erase(session_.id);
  }
  Listed(const Listed&) = delete;
  Listed& operator=(const Listed&) = delete;

 private:
  EventStreamTransport& transport_;
  Session& session_;
};

// What a call says, on its way to the session's stream.
class EventStreamTransport::Writer final : public http::StreamWriter {
 public:
  Writer(std::weak_ptr<Session> session, io::Loop& loop, io::CancelToken gone)
      : session_(std::move(session)), loop_(loop), gone_(std::move(gone)) {}
  io::Task<bool> write(std::string_view bytes) override {
    // Parts of a long answer come no faster than they are read.
    while (!gone_.cancelled() && waiting() > Outbox::kManyBytes) co_await io::sleep(kUnreadPause);
    if (gone_.cancelled()) co_return false;
    io::post(loop_, [session = session_, event = std::string(bytes)]() mutable {
      if (const auto open = session.lock()) open->outbox.push_event(std::move(event));
    });
    co_return true;
  }
  io::CancelToken disconnected() const override { return gone_; }

 private:
  std::size_t waiting() const {
    const auto open = session_.lock();
    return open ? open->outbox.bytes() : 0;
  }

  std::weak_ptr<Session> session_;
  io::Loop& loop_;
  io::CancelToken gone_;
};

// What is thrown ends the session, whose client would wait for an answer in vain.
io::Task<> EventStreamTransport::run(std::shared_ptr<Kept> kept, std::weak_ptr<Session> session) {
  bool failed = false;
  try {
    co_await answer(kept, session);
  } catch (const std::exception& error) {
    failed = true;
    kept->services.log.write(
        telemetry::Level::error, "a message of an event stream failed",
        {{"request_id", kept->request.id}, {"exception", std::string_view(error.what())}});
  }
  if (!failed) co_return;
  io::post(kept->session_loop, [session] {
    if (const auto open = session.lock()) open->outbox.close();
  });
}

io::Task<> EventStreamTransport::answer(std::shared_ptr<Kept> kept,
                                        std::weak_ptr<Session> session) {
  Writer writer(session, kept->session_loop, kept->gone->token());
  const Ladder ladder(kept->server, kept->request, {.json = true, .event_stream = true},
                      kept->services);
  http::Response response = co_await ladder.run();
  // Whether the session's stream gets through to the client is not known here; whether there still
  // is one is.
  if (kept->request.receipt && kept->gone->token().cancelled()) kept->request.receipt->lost();
  if (response.stream) {
    co_await response.stream(writer);
    co_return;
  }
  const std::string text = whole_body(std::move(response));
  if (text.empty()) co_return;  // a notification
  // Made here, where somebody hears of it if that fails.
  io::post(kept->session_loop, [session, event = http::sse_event("message", text)]() mutable {
    if (const auto open = session.lock()) open->outbox.push_event(std::move(event));
  });
}

http::Response EventStreamTransport::open(std::shared_ptr<const Server> server,
                                          std::string messages_url, McpServices& services) {
  auto place = services.streams->take(server->id(), 1);
  if (!place) {
    services.saw(telemetry::Sight::limit_hit, server->id(), "event streams");
    return busy("Too many open event streams.", "30");
  }
  auto session = std::make_shared<Session>();
  session->id = random_id("sse");
  session->server = std::move(server);
  session->place = std::move(*place);
  session->outbox.count_in(services.bytes, session->server->id());
  return http::sse_response(
      [transport = this, session, messages_url, services = &services](http::StreamWriter& writer) {
        return write_stream(transport, session, messages_url, services, writer);
      });
}

io::Task<> EventStreamTransport::write_stream(EventStreamTransport* transport,
                                              std::shared_ptr<Session> session,
                                              std::string messages_url, McpServices* services,
                                              http::StreamWriter& writer) {
  session->loop = &io::Loop::current();
  const Listed listed(*transport, *session);
  {
    const MutexLock lock(transport->mutex_);
    transport->sessions_.emplace(session->id, session);
  }
  const auto gone = writer.disconnected().on_cancel([raw = session.get()] { raw->outbox.close(); });
  std::optional<io::Deadline> tick;
  tick.emplace(io::Loop::current(), [&tick, raw = session.get()] {
    if (raw->is_over) raw->outbox.close();
    raw->look();
    if (!raw->outbox.closed()) tick->expires_after(kTick);
  });
  tick->expires_after(kTick);
  const std::string first = http::sse_event("endpoint", messages_url + "?sessionId=" + session->id);
  if (co_await writer.write(first)) {
    co_await write_events(session->outbox, writer, kLiveRhythm);
  }
  if (session->outbox.overflowed()) {
    services->saw(telemetry::Sight::stream_ended, session->server->id(), "event stream");
  }
}

http::Response EventStreamTransport::post(std::shared_ptr<const Server> server,
                                          const http::Request& request, McpServices& services) {
  std::shared_ptr<Session> session;
  {
    const MutexLock lock(mutex_);
    const auto found = sessions_.find(session_of(request.query));
    if (found != sessions_.end() && found->second->server->id() == server->id()) {
      session = found->second;
    }
  }
  if (session == nullptr) {
    return refusal(404, "not_found",
                   "This session is not open (any more). Open the event stream again.");
  }
  if (session->outbox.bytes() > Outbox::kManyBytes) {
    services.saw(telemetry::Sight::limit_hit, server->id(), "unread answers");
    return busy("The answers on this session's event stream are not read.", "1");
  }
  auto place = services.accepted->take(server->id(), 1, kMostUnderWayOfUrl);
  if (!place) {
    services.saw(telemetry::Sight::limit_hit, server->id(), "calls of event streams");
    return busy("Too many calls of this URL's event streams run already.", "1");
  }
  std::optional<Shares::Share> bytes = Shares::Share();
  if (services.bytes) {
    bytes = services.bytes->take(server->id(), kHeldPerCall + kHeldPerByte * request.body.size());
  }
  if (!bytes) {
    services.saw(telemetry::Sight::limit_hit, server->id(), "bytes in flight");
    return busy("This server has too much in hand. Try again in a while.", "1");
  }
  auto kept = std::make_shared<Kept>(Kept{.server = std::move(server),
                                          .services = services,
                                          .loop = io::Loop::current(),
                                          .session_loop = *session->loop,
                                          .place = std::move(*place),
                                          .bytes = std::move(*bytes)});
  kept->request.method = request.method;
  kept->request.headers = request.headers;
  kept->request.body = request.body;
  kept->request.peer = request.peer;
  kept->request.id = request.id;
  std::weak_ptr<Session> weak = session;
  kept->request.watch_disconnect = [raw = kept.get()] { return raw->gone->token(); };
  kept->request.begin_stream = [raw = kept.get(), weak](const http::Response&) {
    return std::make_shared<Writer>(weak, raw->session_loop, raw->gone->token());
  };
  if (!session->add(kept)) {
    services.saw(telemetry::Sight::limit_hit, session->server->id(), "calls of an event stream");
    return busy("Too many calls of this session run already.", "1");
  }
  io::spawn_here([kept, weak] { return run(kept, weak); });
  return http::Response::text(202, "Accepted");
}

void EventStreamTransport::look_again() {
  const MutexLock lock(mutex_);
  for (const auto& [id, session] : sessions_) {
    io::post(*session->loop, [session] { session->look(); });
  }
}

void EventStreamTransport::end_all() {
  const MutexLock lock(mutex_);
  for (const auto& [id, session] : sessions_) {
    io::post(*session->loop, [session] { session->outbox.close(); });
  }
}

}  // namespace patchbay::mcp
