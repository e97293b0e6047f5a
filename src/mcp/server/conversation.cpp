#include "mcp/server/conversation.h"

#include <cmath>
#include <utility>

#include "json/write.h"

namespace patchbay::mcp {
namespace {

constexpr std::chrono::milliseconds kLeastGap{20};  // at most 50 progress messages a second

json::Value number(double value) {
  if (std::floor(value) == value && std::abs(value) < 9e15) {
    return json::Value(static_cast<std::int64_t>(value));
  }
  return json::Value(value);
}

}  // namespace

void Conversation::progress(double done, double total, std::string_view message) {
  if (!wants_progress() || !(done > last_progress_)) return;
  const auto now = std::chrono::steady_clock::now();
  if (now < next_progress_) return;
  last_progress_ = done;
  next_progress_ = now + kLeastGap;
  std::string text =
      R"({"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":)";
  text += progress_token;
  text += R"(,"progress":)";
  json::append(text, number(done));
  if (total >= 0) {
    text += R"(,"total":)";
    json::append(text, number(total));
  }
  // 2024-11-05 has no message, and ignores it.
  if (!message.empty()) {
    text += R"(,"message":)";
    json::append_string(text, message);
  }
  outbox->push_droppable(text + "}}");
}

void Conversation::log(LogLevel level, const json::Value& data) {
  if (outbox == nullptr) return;
  // A modern client gets none unless it said which; a legacy one's setLevel is not remembered by a
  // server without state, so that it gets all.
  if (client.era == Era::modern && (!client.log_level || level < *client.log_level)) return;
  std::string text = R"({"jsonrpc":"2.0","method":"notifications/message","params":{"level":")";
  text += to_string(level);
  text += R"(","data":)";
  json::append(text, data);
  outbox->push_droppable(text + "}}");
}

bool Conversation::can_ask(std::string_view capability) const {
  return client.era == Era::legacy && outbox != nullptr && requests != nullptr &&
         client.declares(capability);
}

io::Task<std::expected<json::Value, AskFailure>> Conversation::ask(
    std::string method, json::Value params, std::chrono::milliseconds patience) {
  return requests->ask(server_id, *outbox, std::move(method), std::move(params), patience, cancel);
}

}  // namespace patchbay::mcp
