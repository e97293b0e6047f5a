#include "mcp/methods/listeners.h"

#include <chrono>
#include <optional>
#include <utility>

#include "http/sse.h"

namespace patchbay::mcp {
namespace {

constexpr std::chrono::milliseconds kTick{100};
// Idle listeners cost little memory, but each is a socket: a loop keeps half of the connections
// that it may have (ServerOptions::max_connections) for those who call.
constexpr std::size_t kMostPerLoop = 5'000;

bool wants(const json::Value& notifications, std::string_view what) {
  return notifications.bool_or(what, false);
}

}  // namespace

struct Listeners::Listener {
  std::shared_ptr<const Server> server;
  std::string id;  // of the listen request, as JSON text: the subscription's id
  std::string_view version;
  bool tools = false;
  bool prompts = false;
  Listings seen;
  Outbox outbox;
  std::weak_ptr<PerLoop> home;
  Shares::Share place;

  std::string meta() const {
    return R"("_meta":{")" + std::string(kMetaSubscription) + R"(":)" + id;
  }
  void notify(std::string_view method) {
    outbox.push_droppable(R"({"jsonrpc":"2.0","method":")" + std::string(method) +
                          R"(","params":{)" + meta() + "}}}");
  }
  // Compares with what the server lists now.
  void look() {
    const std::optional<Listings> now = server->current_listings();
    if (!now) {
      // Its tools are gone with it: who still lists them should know before the stream ends.
      if (tools) notify("notifications/tools/list_changed");
      outbox.close();
      return;
    }
    if (tools && now->tools != seen.tools) notify("notifications/tools/list_changed");
    if (prompts && now->prompts != seen.prompts) notify("notifications/prompts/list_changed");
    seen = *now;
  }
};

// The listeners of one loop. Touched on that loop only.
struct Listeners::PerLoop {
  explicit PerLoop(io::Loop& loop) : tick(loop, [this] { look(); }) {}

  std::list<Listener*> listeners;
  io::Deadline tick;

  void look() {
    if (!listeners.empty()) tick.expires_after(kTick);
    for (Listener* listener : listeners) listener->look();
  }
};

// In its loop's list as long as it lives.
class Listeners::Listed {
 public:
  Listed(PerLoop& home, Listener& listener)
      : home_(home), place_(home.listeners.insert(home.listeners.end(), &listener)) {}
  ~Listed() { home_.listeners.erase(place_); }
  Listed(const Listed&) = delete;
  Listed& operator=(const Listed&) = delete;

 private:
  PerLoop& home_;
  const std::list<Listener*>::iterator place_;
};

Fault too_many_listeners() {
  return {.http_status = 503, .message = "Too many listeners are open."};
}

Listeners::Listeners() = default;
Listeners::~Listeners() = default;

std::shared_ptr<Listeners::PerLoop> Listeners::here() {
  io::Loop& loop = io::Loop::current();
  const MutexLock lock(mutex_);
  std::shared_ptr<PerLoop>& found = loops_[&loop];
  if (found == nullptr) found = std::make_shared<PerLoop>(loop);
  return found;
}

std::expected<http::Response, Fault> Listeners::listen(std::shared_ptr<const Server> server,
                                                       const MethodCall& call,
                                                       std::string_view version,
                                                       Shares::Share place) {
  const json::Value* notifications = call.params.find("notifications");
  if (notifications == nullptr || !notifications->is_object()) {
    return std::unexpected(
        invalid_params("subscriptions/listen: params.notifications must be an object."));
  }
  const std::shared_ptr<PerLoop> home = here();
  if (home->listeners.size() >= kMostPerLoop) return std::unexpected(too_many_listeners());
  const std::optional<Listings> seen = server->current_listings();
  auto listener = std::make_shared<Listener>();
  listener->id = call.id;
  listener->place = std::move(place);
  listener->version = version;
  listener->tools = wants(*notifications, "toolsListChanged");
  listener->prompts = wants(*notifications, "promptsListChanged") && server->prompts() != nullptr;
  if (seen) listener->seen = *seen;
  listener->server = std::move(server);
  listener->home = home;

  // What is honoured, and nothing else.
  std::string honoured;
  if (listener->tools) honoured += R"("toolsListChanged":true)";
  if (listener->prompts) {
    honoured += honoured.empty() ? R"("promptsListChanged":true)" : R"(,"promptsListChanged":true)";
  }
  listener->outbox.push(
      R"({"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged","params":{)"
      R"("notifications":{)" +
      honoured + "}," + listener->meta() + "}}}");
  return http::sse_response(
      [listener](http::StreamWriter& writer) { return write_stream(listener, writer); });
}

io::Task<> Listeners::write_stream(std::shared_ptr<Listener> listener, http::StreamWriter& writer) {
  const std::shared_ptr<PerLoop> home = listener->home.lock();
  if (home == nullptr) co_return;
  // The idle writer does not read; it learns from this that its client is gone.
  const auto gone =
      writer.disconnected().on_cancel([raw = listener.get()] { raw->outbox.close(); });
  std::optional<Listed> listed(std::in_place, *home, *listener);
  if (!home->tick.armed()) home->tick.expires_after(kTick);
  const bool still_there = co_await write_events(listener->outbox, writer);
  listed.reset();
  if (!still_there || writer.disconnected().cancelled()) co_return;
  ResultBody end;
  end.meta = '"' + std::string(kMetaSubscription) + "\":" + listener->id;
  const std::string text =
      result_text(Era::modern, listener->id, std::move(end),
                  {.version = listener->version, .title = listener->server->title()});
  co_await writer.write(http::sse_event("message", text));
}

void Listeners::look_again() {
  const MutexLock lock(mutex_);
  for (const auto& [loop, home] : loops_) {
    io::post(*loop, [home] { home->look(); });
  }
}

void Listeners::end_all() {
  const MutexLock lock(mutex_);
  for (const auto& [loop, home] : loops_) {
    io::post(*loop, [home] {
      for (Listener* listener : home->listeners) listener->outbox.close();
    });
  }
}

}  // namespace patchbay::mcp
