// One MCP client on standard input and output, one MCP URL on the other side. Messages are lines of
// JSON (MCP, stdio transport); each becomes a POST, and what comes back becomes lines again: a JSON
// answer one, an event stream one per event, as they come. Requests run side by side, and each gets
// one response, whatever the server or a proxy before it answers.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "http/client.h"
#include "http/proxy.h"
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

  // Where the environment names a proxy for the URL, it is used. Without this, none is.
  void use_proxies_of(http::Variables environment) { environment_ = std::move(environment); }

  // Sends one line and writes all that it brings. A request that fails gets a JSON-RPC error. A
  // byte order mark before the very first line is skipped.
  io::Task<> forward(std::string line);
  // Nothing more is asked: what would be listened to for ever is given up.
  void stop_listening();

 private:
  struct Message;
  void aim(http::ClientRequest& request, const http::Url& url) const;
  http::ClientRequest make_request(const Message& message, std::string line);
  bool redirect(http::ClientRequest& request, const http::ClientResponse& response);
  void deliver(Message& message, const http::ClientResponse& response);
  void pass(Message& message, json::Value answer);
  void refuse(Message& message, const http::ClientResponse& response);
  void fail(Message& message, std::string_view reason, json::Value data = {});
  bool cancel_in_flight(const Message& message);

  http::Client& client_;
  http::Url url_;
  http::Headers headers_;
  std::function<void(std::string_view)> write_line_;
  std::function<void(std::string_view)> complain_;

  http::Variables environment_;
  bool first_line_ = true;
  // What the server said at `initialize` and wants to hear again.
  std::string protocol_version_;
  std::string session_id_;
  // Requests of the stateless revisions by their id: there, cancelling is hanging up.
  struct InFlight {
    std::shared_ptr<io::CancelSource> cancel;
    bool listens = false;
  };
  std::map<std::string, InFlight> in_flight_;
};

}  // namespace patchbay::cli
