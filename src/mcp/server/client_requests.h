// Requests that the server makes of a legacy client: written on the stream of the call that needs
// the answer, and answered by a POST of its own, which may arrive on another connection and loop.
// The id is random, so that nobody else can answer; it must come back over the same MCP server.
//
// Answers find their way within one process. With several nodes the balancer has to send a client's
// requests to one of them (the Mcp-Session-Id tells them apart), or the question times out.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/mutex.h"
#include "io/cancel.h"
#include "io/runtime.h"
#include "mcp/server/outbox.h"
#include "mcp/wire/jsonrpc.h"

namespace patchbay::mcp {

enum class AskFailure : std::uint8_t {
  refused,    // the client answered with an error
  silent,     // no answer in time
  cancelled,  // the call was given up
};

class ClientRequests {
 public:
  // Sends the request through `outbox` and waits for its answer.
  io::Task<std::expected<json::Value, AskFailure>> ask(std::string server_id, Outbox& outbox,
                                                       std::string method, json::Value params,
                                                       std::chrono::milliseconds patience,
                                                       io::CancelToken cancel);
  // A reply that a client posted. Unknown ids are ignored: the question may have timed out.
  void deliver(std::string_view server_id, ClientReply reply);

 private:
  struct Pending;
  void forget(const std::string& id);

  Mutex mutex_;
  std::map<std::string, std::shared_ptr<Pending>, std::less<>> pending_ PATCHBAY_GUARDED_BY(mutex_);
};

}  // namespace patchbay::mcp
