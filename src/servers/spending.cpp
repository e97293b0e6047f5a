#include "servers/spending.h"

#include <algorithm>
#include <chrono>
#include <string>

#include "base/counted.h"
#include "base/iso8601.h"
#include "gateway/call/tool_error.h"
#include "io/runtime.h"

namespace patchbay::servers {
namespace {

using control::QuotaMeter;
using Is = QuotaMeter::Answer::Is;

// How soon who waits for another's turn looks again.
constexpr std::chrono::milliseconds kPause{2};
constexpr std::int64_t kAgainInSeconds = 2;

std::string words_of(const QuotaMeter::Told& told) {
  switch (told.which) {
    case store::QuotaOf::calls_of_minute:
      return counted(told.limit, "call") + " per minute";
    case store::QuotaOf::calls_of_day:
      return counted(told.limit, "call") + " per day (UTC)";
    case store::QuotaOf::writes_of_minute:
      return counted(told.limit, "write") + " per minute";
    case store::QuotaOf::writes_of_day:
      return counted(told.limit, "write") + " per day (UTC)";
  }
  return counted(told.limit, "call");
}

std::int64_t seconds_until(WallTime then, WallTime now) {
  return std::max(std::int64_t{1}, std::chrono::ceil<std::chrono::seconds>(then - now).count());
}

mcp::RateLimit to_mcp(const QuotaMeter::Told& told, WallTime now) {
  return {.limit = told.limit,
          .remaining = told.remaining,
          .reset_seconds = seconds_until(told.resets_at, now),
          .retry_after_seconds = std::nullopt};
}

mcp::TextOutcome refuse(const gateway::ToolError& error, const mcp::Conversation& conversation,
                        std::optional<mcp::RateLimit> told) {
  return {.text = gateway::to_json(error, conversation.request_id),
          .is_error = true,
          .rate_limit = told,
          .further_blocks = {}};
}

mcp::TextOutcome say_spent(const QuotaMeter::Told& told, WallTime now,
                           const mcp::Conversation& conversation) {
  const std::int64_t seconds = seconds_until(told.resets_at, now);
  mcp::RateLimit limit = to_mcp(told, now);
  limit.remaining = 0;
  limit.retry_after_seconds = seconds;
  return refuse({.code = ErrorCode::rate_limited,
                 .message = "The quota of this MCP server, " + words_of(told) +
                            ", is used up; nothing was sent.",
                 .hint = "It is free again at " + format_utc_millis(told.resets_at) + ", in " +
                         counted(seconds, "second") + ". Whoever runs this server can raise it.",
                 .retry_after_seconds = seconds},
                conversation, limit);
}

mcp::TextOutcome say_unknown(const mcp::Conversation& conversation) {
  return refuse({.code = ErrorCode::unavailable,
                 .message = "It cannot be told at this moment what is left of this MCP server's "
                            "quota: the database does not answer. Nothing was sent.",
                 .hint = "Try again in a few seconds.",
                 .retry_after_seconds = kAgainInSeconds},
                conversation, std::nullopt);
}

}  // namespace

io::Task<Spent> spend(const ServingParts& parts, const control::McpServer& server,
                      QuotaMeter::What what, const std::function<bool()>& still_allowed,
                      const mcp::Conversation& conversation) {
  QuotaMeter& meter = *server.quota;
  std::optional<QuotaMeter::Waiting> waiting;
  while (true) {
    const WallTime now = parts.control.clock().now();
    const QuotaMeter::Answer answer = meter.count(what, now);
    if (answer.is == Is::spent) {
      co_return Spent{.refused = say_spent(*answer.told, now, conversation)};
    }
    if (answer.is == Is::counted) {
      if (!answer.told) co_return Spent{};
      co_return Spent{.counted = to_mcp(*answer.told, now)};
    }
    if (!still_allowed() || conversation.cancel.cancelled()) co_return Spent{};
    if (!waiting) waiting.emplace(meter);
    if (!waiting->take_turn()) {
      co_await io::sleep(kPause);
      continue;
    }
    const Result<> taken =
        co_await parts.runtime.run_blocking([&] { return parts.control.take_quota(server, what); });
    waiting->end_turn();
    if (!taken) co_return Spent{.refused = say_unknown(conversation)};
  }
}

std::optional<mcp::RateLimit> nearer(const std::optional<mcp::RateLimit>& a,
                                     const std::optional<mcp::RateLimit>& b) {
  if (!a || !b) return a ? a : b;
  if (a->retry_after_seconds) return a;
  if (b->retry_after_seconds) return b;
  if (!a->remaining || !b->remaining) return a->remaining ? a : b;
  return *a->remaining <= *b->remaining ? a : b;
}

}  // namespace patchbay::servers
