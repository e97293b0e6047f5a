// From a body to its answer: the protocol's validation ladder, in its order (the table of
// docs/mcp-conformance.md). access.h holds the steps before the body is read.
#pragma once

#include <memory>
#include <string>

#include "http/message.h"
#include "io/task.h"
#include "mcp/access.h"
#include "mcp/methods/cancellations.h"
#include "mcp/methods/methods.h"
#include "mcp/methods/services.h"
#include "mcp/server/conversation.h"
#include "mcp/server/server.h"
#include "mcp/wire/envelope.h"
#include "mcp/wire/jsonrpc.h"
#include "mcp/wire/protocol.h"

namespace patchbay::mcp {

// For one HTTP request. References live until the response is written.
class Ladder {
 public:
  Ladder(std::shared_ptr<const Server> server, http::Request& request, Acceptable acceptable,
         McpServices& services)
      : server_(std::move(server)),
        request_(request),
        acceptable_(acceptable),
        services_(services) {}

  io::Task<http::Response> run() const;

 private:
  io::Task<http::Response> answer() const;
  io::Task<http::Response> answer_modern(MethodCall call) const;
  io::Task<http::Response> answer_legacy(MethodCall call, Revision revision) const;
  io::Task<http::Response> answer_batch(Batch batch, Revision revision) const;
  void take_notification(const Notification& notification) const;
  http::Response listen(const MethodCall& call) const;

  Caller caller() const;
  McpClient legacy_client(const MethodCall& call, Revision revision) const;
  Conversation begin_conversation(const MethodCall& call, McpClient client,
                                  std::string progress_token) const;
  bool may_speak(const Conversation& conversation) const;
  io::Task<http::Response> run_call(MethodHandler method, MethodCall call, McpClient client,
                                    std::string progress_token) const;

  std::shared_ptr<const Server> server_;
  http::Request& request_;
  Acceptable acceptable_;
  McpServices& services_;
};

}  // namespace patchbay::mcp
