#include "mcp/server/client_requests.h"

#include <optional>
#include <utility>

#include "base/random.h"
#include "io/deadline.h"
#include "io/event.h"
#include "json/write.h"

namespace patchbay::mcp {

struct ClientRequests::Pending {
  std::string server_id;
  io::Loop* loop = nullptr;
  // Touched on `loop` only.
  std::optional<ClientReply> reply;
  bool cancelled = false;
  io::Event done;
};

io::Task<std::expected<json::Value, AskFailure>> ClientRequests::ask(
    std::string server_id, Outbox& outbox, std::string method, json::Value params,
    std::chrono::milliseconds patience, io::CancelToken cancel) {
  const std::string id = "\"" + random_id("srv") + "\"";
  auto pending = std::make_shared<Pending>();
  pending->server_id = std::move(server_id);
  pending->loop = &io::Loop::current();
  {
    const MutexLock lock(mutex_);
    pending_.emplace(id, pending);
  }
  std::string message = R"({"jsonrpc":"2.0","id":)" + id + R"(,"method":)";
  json::append_string(message, method);
  message += R"(,"params":)";
  json::append(message, params);
  message += '}';
  outbox.push(std::move(message));

  Pending* waiting = pending.get();
  io::Deadline deadline(*pending->loop, [waiting] { waiting->done.set(); });
  deadline.expires_after(patience);
  const auto registration = cancel.on_cancel([waiting] {
    waiting->cancelled = true;
    waiting->done.set();
  });
  co_await pending->done.wait();
  forget(id);
  if (pending->cancelled) co_return std::unexpected(AskFailure::cancelled);
  if (!pending->reply) co_return std::unexpected(AskFailure::silent);
  if (!pending->reply->error.is_null()) co_return std::unexpected(AskFailure::refused);
  co_return std::move(pending->reply->result);
}

void ClientRequests::deliver(std::string_view server_id, ClientReply reply) {
  std::shared_ptr<Pending> pending;
  {
    const MutexLock lock(mutex_);
    const auto found = pending_.find(reply.id);
    if (found == pending_.end() || found->second->server_id != server_id) return;
    pending = found->second;
  }
  io::Loop& loop = *pending->loop;
  io::post(loop, [pending = std::move(pending), reply = std::move(reply)]() mutable {
    pending->reply = std::move(reply);
    pending->done.set();
  });
}

void ClientRequests::forget(const std::string& id) {
  const MutexLock lock(mutex_);
  pending_.erase(id);
}

}  // namespace patchbay::mcp
