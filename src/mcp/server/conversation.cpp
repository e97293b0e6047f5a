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
  if (!wants_progress() || !(done > last_value_)) return;
  const auto now = std::chrono::steady_clock::now();
  if (now < next_progress_) return;
  done_ = done;
  total_ = total;
  beats_ = 0;
  next_progress_ = now + kLeastGap;
  push_progress(done, total, message);
}

bool Conversation::beat() {
  if (!wants_progress()) return false;
  // A half, two thirds, three quarters of the way to the next whole: it grows for ever, and leaves
  // room for what is really done.
  if (done_ < 0) {
    done_ = 0;
  } else {
    ++beats_;
  }
  const double room = std::floor(done_) + 1 - done_;
  const double value = done_ + room * beats_ / (beats_ + 1);
  std::string message = "Still at work.";
  if (asking_) {
    message = "Waiting for the user's answer.";
  } else if (waits_for) {
    message = waits_for();
  }
  push_progress(value, value > total_ ? -1 : total_, message);
  return true;
}

void Conversation::push_progress(double value, double total, std::string_view message) {
  last_value_ = value;
  std::string text =
      R"({"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":)";
  text += progress_token;
  text += R"(,"progress":)";
  json::append(text, number(value));
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
  asking_ = true;
  auto answer = co_await requests->ask(server_id, *outbox, std::move(method), std::move(params),
                                       patience, cancel);
  asking_ = false;
  co_return answer;
}

}  // namespace patchbay::mcp
