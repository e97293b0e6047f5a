#include "gateway/gateway.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "audit/journal.h"
#include "gateway/answers/cursor.h"
#include "gateway/answers/lines.h"
#include "gateway/arguments/complete_argument.h"
#include "gateway/call/call.h"
#include "gateway/call/longest_call.h"
#include "gateway/call/tool_error.h"
#include "gateway/corridor.h"
#include "gateway/many/asked.h"
#include "gateway/many/many.h"
#include "gateway/many/nested.h"
#include "gateway/names/complete.h"
#include "gateway/names/lookups.h"
#include "gateway/sending/off_loop.h"
#include "gateway/unlisted.h"
#include "gateway/writes/recent_writes.h"

namespace patchbay::gateway {

struct Gateway::Impl {
  Impl(io::Runtime& runtime, upstream::Sender& sender, const Clock& clock,
       std::vector<Secret> cursor_keys, GatewayOptions options)
      : cursors(std::move(cursor_keys)),
        recent_writes(clock, options.repeat_window),
        services{runtime, sender,        clock,
                 cursors, recent_writes, Replaceable<GatewayOptions>(std::move(options))},
        lookups(runtime.size()) {}

  // A call of one record, of many, or of one that brings others along.
  io::Task<CallResult> call_any(const catalog::Tool& tool, json::Object given, CallContext context);
  // One that is of one record, or of none.
  io::Task<CallResult> call_one(const catalog::Tool& tool, json::Object given, CallContext context);

  // Constant, or synchronised by itself.
  CursorSealer cursors;
  RecentWrites recent_writes;
  Services services;
  // One for each event loop; only that loop's thread touches it.
  std::vector<Lookups> lookups;
};

Gateway::Gateway(io::Runtime& runtime, upstream::Sender& sender, const Clock& clock,
                 std::vector<Secret> cursor_keys, GatewayOptions options)
    : impl_(std::make_unique<Impl>(runtime, sender, clock, std::move(cursor_keys),
                                   std::move(options))) {}

Gateway::~Gateway() = default;

std::size_t Gateway::waiting() const {
  return static_cast<std::size_t>(std::max<std::int64_t>(0, impl_->services.waiting_for_turns));
}

namespace {

io::Task<CallResult> refuse_call(ToolError error, CallContext context) {
  CallResult result;
  result.text = to_json(error, context.request_id);
  result.is_error = true;
  co_return result;
}

}  // namespace

std::shared_ptr<audit::Journal> Gateway::journal() const {
  return impl_->services.options.get().journal;
}

void Gateway::set_limits(const CallLimits& limits) {
  GatewayOptions next = impl_->services.options.get();
  next.upstream_timeout = limits.upstream_timeout;
  next.repeat_window = limits.repeat_window;
  next.throttle.at_once = limits.requests_at_once;
  next.max_upload_bytes = limits.max_upload_bytes;
  if (next.journal) next.journal->set_longest_call(longest_call(next));
  impl_->services.options.replace(std::move(next));
  impl_->recent_writes.set_window(limits.repeat_window);
}

bool is_dry_run(const catalog::Tool& tool, const json::Value& arguments) {
  // Exactly what the last door asks for; what would have to be mended first is none.
  const auto& known = tool.method->arguments;
  const auto argument = std::ranges::find(known, "dry_run", &integration::Argument::name);
  return argument != known.end() && argument->place == integration::ArgumentPlace::platform &&
         tool.method->writes() && arguments.bool_or("dry_run", false);
}

bool is_of_many(const catalog::Tool& tool, const json::Value& arguments) {
  const auto* given = arguments.if_object();
  return given != nullptr && (asks_for_many(tool, *given) || brings_others(tool, *given));
}

std::vector<json::Value> each_of(const catalog::Tool& tool, const json::Value& arguments) {
  const auto* given = arguments.if_object();
  if (given == nullptr || !asks_for_many(tool, *given)) return {arguments};
  auto asked = read_asked(tool, *given);
  if (!asked) return {arguments};
  std::vector<json::Value> each;
  for (auto& record : asked->records) each.emplace_back(std::move(record));
  if (asked->filtered && asked->filtered->expect) each.emplace_back(asked->filtered->change);
  return each;
}

io::Task<CallResult> Gateway::call(const catalog::Tool& tool, json::Value arguments,
                                   CallContext context) {
  if (!arguments.is_object() && !arguments.is_null()) {
    return refuse_call(
        {.code = ErrorCode::invalid_argument, .message = "The arguments of a tool are an object."},
        std::move(context));
  }
  auto given = arguments.is_object() ? std::move(*arguments.if_object()) : json::Object();
  // Most calls are of one record, and pay for no frame more.
  if (!asks_for_many(tool, given) && !brings_others(tool, given) && !context.before_each) {
    return impl_->call_one(tool, std::move(given), std::move(context));
  }
  return impl_->call_any(tool, std::move(given), std::move(context));
}

io::Task<CallResult> Gateway::Impl::call_any(const catalog::Tool& tool, json::Object given,
                                             CallContext context) {
  const bool is_many = asks_for_many(tool, given);
  if (is_many || brings_others(tool, given)) {
    context.max_result_bytes = without_line_breaks(context.max_result_bytes);
    const SingleCall single = [this](const catalog::Tool& of, json::Object one, CallContext own) {
      return call_any(of, std::move(one), std::move(own));
    };
    CallResult result;
    if (is_many) {
      result = co_await call_many(services.runtime, tool, std::move(given), context, single);
    } else {
      result = co_await call_nested(services.runtime, tool, std::move(given), context, single);
    }
    break_long_lines(result.text);
    co_return result;
  }
  if (context.before_each && tool.method->writes()) {
    const json::Value arguments = given;
    auto instead = co_await context.before_each(tool, arguments);
    if (instead) co_return std::move(*instead);
  }
  co_return co_await call_one(tool, std::move(given), std::move(context));
}

io::Task<CallResult> Gateway::Impl::call_one(const catalog::Tool& tool, json::Object given,
                                             CallContext context) {
  CallResult result;
  context.max_result_bytes = without_line_breaks(context.max_result_bytes);
  const auto wider = with_unlisted_filters(tool, context.reach.get(), given);
  Call call(services, {lookups[io::Loop::current().index()]}, wider ? wider->tool : tool, context);
  auto outcome = co_await run(call, std::move(given));
  if (outcome) {
    result.text = std::move(outcome->text);
    co_await off_loop(call, result.text.size(), [&result] { break_long_lines(result.text); });
    result.file = std::move(outcome->file);
    result.was_applied = call.is_write() ? Applied::yes : Applied::no;
  } else {
    result.was_applied = outcome.error().was_applied;
    result.shown_now = std::move(call.shown_now);
    result.text = to_json(outcome.error(), context.request_id);
    result.is_error = true;
  }
  if (const auto& told = services.options.get().call_ended) {
    told({.tool = tool,
          .server_id = context.caller.server_id,
          .account_id = context.account->id(),
          .error = outcome ? std::nullopt : std::optional(outcome.error().code),
          .took = services.clock.monotonic() - call.began,
          .upstream_bytes = call.upstream_bytes,
          .result_bytes = result.text.size() + (result.file ? result.file->content.size() : 0)});
  }
  result.rate_limit = call.rate_limit;
  result.upstream_status = call.upstream_status;
  result.upstream_bytes = call.upstream_bytes;
  result.credentials_refused = call.credentials_refused;
  co_return result;
}

io::Task<Preview> Gateway::preview(const catalog::Tool& tool, json::Value arguments,
                                   CallContext context, Asks asks) {
  Preview preview;
  Call call(impl_->services, {impl_->lookups[io::Loop::current().index()]}, tool, context);
  auto given = arguments.is_object() ? std::move(*arguments.if_object()) : json::Object();
  auto shown = co_await show_write(call, std::move(given), asks);
  preview.notice = std::move(call.notice);
  if (shown) {
    preview.shown = std::move(*shown);
  } else {
    preview.refused = CallResult{.text = to_json(shown.error(), context.request_id),
                                 .file = std::nullopt,
                                 .is_error = true,
                                 .rate_limit = call.rate_limit,
                                 .credentials_refused = call.credentials_refused};
  }
  co_return preview;
}

io::Task<NamesFound> Gateway::complete(const catalog::Tool& list, std::string typed,
                                       CallContext context) {
  Call call(impl_->services, {impl_->lookups[io::Loop::current().index()]}, list, context);
  auto found = co_await complete_name(call, typed);
  co_return found ? std::move(*found) : NamesFound{};
}

io::Task<NamesFound> Gateway::complete_argument(const catalog::Tool& tool, std::string argument,
                                                std::string typed, json::Object others,
                                                CallContext context) {
  Call call(impl_->services, {impl_->lookups[io::Loop::current().index()]}, tool, context);
  auto found = co_await gateway::complete_argument(call, argument, typed, std::move(others));
  co_return found ? std::move(*found) : NamesFound{};
}

}  // namespace patchbay::gateway
