// One MCP client on standard input and output, one MCP URL on the other side. Messages are lines of
// JSON (MCP, stdio transport); each becomes a POST, and what comes back becomes lines again: a JSON
// answer one, an event stream one per event. Requests run side by side.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "http/client.h"
#include "http/url.h"
#include "io/cancel.h"
#include "io/task.h"
#include "json/value.h"

namespace patchbay::cli {

class StdioBridge {
 public:
  // `write_line` takes one message without its newline; `complain` takes what a person should know.
  // Both are called on the loop that forward() runs on.
  StdioBridge(http::Client& client, http::Url url, http::Headers headers,
              std::function<void(std::string_view)> write_line,
              std::function<void(std::string_view)> complain);

  // Sends one line and writes all that it brings. A request that fails gets a JSON-RPC error.
  io::Task<> forward(std::string line);

 private:
  struct Message;
  http::ClientRequest make_request(const Message& message, std::string line);
  void deliver(const Message& message, const http::ClientResponse& response);
  void fail(const Message& message, std::string_view reason);
  bool cancel_in_flight(const Message& message);

  http::Client& client_;
  http::Url url_;
  http::Headers headers_;
  std::function<void(std::string_view)> write_line_;
  std::function<void(std::string_view)> complain_;

  // What the server said at `initialize` and wants to hear again.
  std::string protocol_version_;
  std::string session_id_;
  // Requests of the stateless revisions by their id: there, cancelling is hanging up.
  std::map<std::string, std::shared_ptr<io::CancelSource>> in_flight_;
};

}  // namespace patchbay::cli
