// One request on its way through a tool, a prompt or a resource: who asks, how it may be given up,
// and what can be said to the client before the answer.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "io/cancel.h"
#include "json/value.h"
#include "mcp/server/carried_state.h"
#include "mcp/server/client_requests.h"
#include "mcp/server/outbox.h"
#include "mcp/wire/envelope.h"
#include "telemetry/trace.h"

namespace patchbay::io {
class Receipt;
}

namespace patchbay::mcp {

class Conversation {
 public:
  McpClient client;
  std::string server_id;
  std::string request_id;   // HTTP's, for logs and errors; not the JSON-RPC id
  std::string traceparent;  // to pass on; may be empty, and then so is the next
  std::string tracestate;
  telemetry::SpanRef span;  // of the request; of nothing where nothing is recorded
  io::CancelToken cancel;
  // Ends what waits on `cancel`, as the client may. Empty: nothing does.
  std::function<void()> give_up;
  std::string progress_token;  // JSON text; empty: no progress is wanted
  // Answers to what an earlier round asked for (input_required), and what that round remembered.
  // Null where there was none. Both come from the client: the state was sealed, the answers not.
  json::Value input_responses;
  json::Value state;

  // Null: this answer cannot be preceded by anything.
  std::shared_ptr<Outbox> outbox;
  ClientRequests* requests = nullptr;
  const CarriedState* carried = nullptr;
  // Whether the answer arrives, for whoever wants to know later. May be empty.
  std::function<std::shared_ptr<io::Receipt>()> receipt;
  // What the call waits for at this moment, as a sentence; empty: nobody knows. Set and taken back
  // by who runs the call.
  std::function<std::string()> waits_for;

  bool wants_progress() const { return outbox != nullptr && !progress_token.empty(); }
  // Values must grow; those that do not, and those closer than 20 ms to the last, are left out.
  // `total` under 0: unknown.
  void progress(double done, double total, std::string_view message);
  // Says that the call runs and what it waits for: progress that is a little further than the last,
  // and not as far as the next. False: no progress is wanted.
  bool beat();
  // Left out unless the client asked for this level or a lower one.
  void log(LogLevel level, const json::Value& data);

  // Legacy clients that declared it only: whether a question of this kind reaches the user.
  bool can_ask(std::string_view capability) const;
  io::Task<std::expected<json::Value, AskFailure>> ask(std::string method, json::Value params,
                                                       std::chrono::milliseconds patience);

 private:
  void push_progress(double value, double total, std::string_view message);

  double done_ = -1;        // what the call said last
  double total_ = -1;       // the same
  double last_value_ = -1;  // what the client was told last: further, if the call only ran since
  int beats_ = 0;           // since the call said something
  bool asking_ = false;
  std::chrono::steady_clock::time_point next_progress_{};
};

}  // namespace patchbay::mcp
