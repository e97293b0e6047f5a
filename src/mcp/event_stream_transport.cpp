#include "mcp/event_stream_transport.h"

#include <chrono>
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

constexpr std::size_t kMostSessions = 10'000;
// How soon a stream ends behind the server that it belongs to.
constexpr std::chrono::milliseconds kTick{50};

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
  http::Request request = {};
  // The session's end, on the loop of the POST.
  std::shared_ptr<io::CancelSource> gone = std::make_shared<io::CancelSource>();
};

struct EventStreamTransport::Session {
  std::string id;
  std::shared_ptr<const Server> server;
  io::Loop* loop = nullptr;  // set before anybody learns of the session
  Outbox outbox;             // the loop's
  Mutex mutex;
  bool ended PATCHBAY_GUARDED_BY(mutex) = false;
  std::vector<std::weak_ptr<Kept>> under_way PATCHBAY_GUARDED_BY(mutex);

  // On the loop of the POST.
  void add(const std::shared_ptr<Kept>& kept) {
    const MutexLock lock(mutex);
    if (ended) return kept->gone->cancel();
    std::erase_if(under_way, [](const std::weak_ptr<Kept>& old) { return old.expired(); });
    under_way.push_back(kept);
  }
  bool is_over = false;  // its server is gone
  // On its loop. The stream ends a tick after its server, so that calls which end with that can say
  // so.
  void look() {
    if (is_over) outbox.close();
    is_over = is_over || !server->current_listings();
  }
  // Nobody reads answers any more.
  void end() {
    const MutexLock lock(mutex);
    ended = true;
    for (const std::weak_ptr<Kept>& weak : under_way) {
      if (const auto kept = weak.lock()) io::post(kept->loop, [kept] { kept->gone->cancel(); });
    }
  }
};

// What a call says, on its way to the session's stream.
class EventStreamTransport::Writer final : public http::StreamWriter {
 public:
  Writer(std::weak_ptr<Session> session, io::Loop& loop, io::CancelToken gone)
      : session_(std::move(session)), loop_(loop), gone_(std::move(gone)) {}
  io::Task<bool> write(std::string_view bytes) override {
    if (gone_.cancelled()) co_return false;
    io::post(loop_, [session = session_, event = std::string(bytes)]() mutable {
      if (const auto open = session.lock()) open->outbox.push_event(std::move(event));
    });
    co_return true;
  }
  io::CancelToken disconnected() const override { return gone_; }

 private:
  std::weak_ptr<Session> session_;
  io::Loop& loop_;
  io::CancelToken gone_;
};

io::Task<> EventStreamTransport::run(std::shared_ptr<Kept> kept, std::weak_ptr<Session> session) {
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
  std::string text = whole_body(std::move(response));
  if (text.empty()) co_return;  // a notification
  io::post(kept->session_loop, [session, text = std::move(text)]() mutable {
    if (const auto open = session.lock()) open->outbox.push(std::move(text));
  });
}

http::Response EventStreamTransport::open(std::shared_ptr<const Server> server,
                                          std::string messages_url) {
  auto session = std::make_shared<Session>();
  session->id = random_id("sse");
  session->server = std::move(server);
  {
    const MutexLock lock(mutex_);
    if (sessions_.size() >= kMostSessions) {
      http::Response response = refusal(503, "unavailable", "Too many open event streams.");
      response.headers.add("Retry-After", "30");
      return response;
    }
  }
  EventStreamTransport* transport = this;
  return http::sse_response([transport, session, messages_url](http::StreamWriter& writer) {
    return write_stream(transport, session, messages_url, writer);
  });
}

io::Task<> EventStreamTransport::write_stream(EventStreamTransport* transport,
                                              std::shared_ptr<Session> session,
                                              std::string messages_url,
                                              http::StreamWriter& writer) {
  session->loop = &io::Loop::current();
  {
    const MutexLock lock(transport->mutex_);
    transport->sessions_.emplace(session->id, session);
  }
  const auto gone = writer.disconnected().on_cancel([raw = session.get()] { raw->outbox.close(); });
  std::optional<io::Deadline> tick;
  tick.emplace(io::Loop::current(), [&tick, raw = session.get()] {
    raw->look();
    if (!raw->outbox.closed()) tick->expires_after(kTick);
  });
  tick->expires_after(kTick);
  const std::string first = http::sse_event("endpoint", messages_url + "?sessionId=" + session->id);
  if (co_await writer.write(first)) {
    co_await write_events(session->outbox, writer, kLiveRhythm);
  }
  session->end();
  const MutexLock lock(transport->mutex_);
  transport->sessions_.erase(session->id);
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
  auto kept = std::make_shared<Kept>(Kept{.server = std::move(server),
                                          .services = services,
                                          .loop = io::Loop::current(),
                                          .session_loop = *session->loop});
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
  session->add(kept);
  io::spawn_here([kept, weak] { return run(kept, weak); });
  return http::Response::text(202, "Accepted");
}

void EventStreamTransport::end_all() {
  const MutexLock lock(mutex_);
  for (const auto& [id, session] : sessions_) {
    io::post(*session->loop, [session] { session->outbox.close(); });
  }
}

}  // namespace patchbay::mcp
