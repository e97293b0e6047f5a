#include <algorithm>

#include "base/text.h"
#include "gateway/lookups.h"
#include "gateway/stages.h"
#include "integration/naming.h"
#include "json/parse.h"

namespace patchbay::gateway {

namespace {

// A refusal is a sentence or two; what is longer is something else.
constexpr std::size_t kMaxMessageBytes = 600;
constexpr std::size_t kMaxErrorBodyBytes = 64 * 1024;

const json::Value* at_pointer(const json::Value& value, std::string_view pointer) {
  const json::Value* found = &value;
  if (pointer.starts_with('/')) pointer.remove_prefix(1);
  if (pointer.empty()) return found;
  for (const auto segment : split(pointer, '/')) {
    found = found->find(segment);
    if (found == nullptr) return nullptr;
  }
  return found;
}

// Markup and stack traces tell a model nothing and an attacker much.
bool is_unfit(std::string_view text) {
  return text.find('<') != std::string_view::npos && text.find('>') != std::string_view::npos
             ? contains_ignoring_case(text, "<html") || contains_ignoring_case(text, "<!doctype") ||
                   contains_ignoring_case(text, "</") || contains_ignoring_case(text, "/>")
             : text.contains("   at ") || text.contains("\n\tat ") ||
                   text.contains("Traceback (most recent call last)");
}

std::string clean(const Call& call, std::string_view text) {
  if (is_unfit(text)) return {};
  std::string out;
  for (const char c : cut_utf8(text, kMaxMessageBytes)) {
    const auto byte = static_cast<unsigned char>(c);
    out += byte < 0x20 || byte == 0x7f ? ' ' : c;
  }
  return call.context.account->without_secrets(std::string(trim(out)));
}

std::string text_at(const Call& call, const json::Value& value, std::string_view pointer) {
  const auto* found = at_pointer(value, pointer);
  const auto* text = found != nullptr ? found->if_string() : nullptr;
  return text != nullptr ? clean(call, *text) : std::string();
}

dialect::UpstreamFault read_fault(const Call& call, const upstream::Answer& answer) {
  dialect::UpstreamFault fault;
  fault.status = answer.status;
  if (answer.body.size() > kMaxErrorBodyBytes) return fault;
  const auto& shape = call.integration().errors;
  const auto body = json::parse(answer.body);
  if (!body) {
    // Plain text: short sentences only ("Cannot route. …").
    if (answer.body.size() <= 200 && is_valid_utf8(answer.body)) {
      fault.message = clean(call, answer.body);
    }
    return fault;
  }
  if (!body->is_object()) return fault;
  fault.code = text_at(call, *body, shape.code);
  fault.message = text_at(call, *body, shape.message);
  const auto* fields = at_pointer(*body, shape.field_errors);
  if (fields == nullptr || fields->if_array() == nullptr) return fault;
  for (const auto& field : *fields->if_array()) {
    if (fault.fields.size() == 20) break;
    fault.fields.push_back({text_at(call, field, "/code"),
                            text_at(call, field, shape.field_message),
                            text_at(call, field, shape.field)});
  }
  return fault;
}

Applied applied_after(int status, bool may_change, bool certainly_not) {
  if (!may_change || certainly_not) return Applied::no;
  // A refusal comes before the deed; a server that fails may have done it.
  return status >= 500 ? Applied::unknown : Applied::no;
}

ToolError without_answer(const Call& call, const http::ClientError& failure, bool may_change) {
  ToolError error;
  error.code = failure.error.code;
  switch (error.code) {
    case ErrorCode::timeout:
      error.message = "The API did not answer in time.";
      error.hint = "Ask for less at once (a smaller limit, fewer fields), or try again later.";
      break;
    case ErrorCode::cancelled:
      error.message = "The call was cancelled.";
      break;
    case ErrorCode::too_large:
      error.message = "The API's answer is too large to pass on.";
      error.hint = "Ask for less: a smaller limit, fewer fields, narrower filters.";
      break;
    case ErrorCode::unavailable:
      error.message = "The API could not be reached.";
      error.hint = "This is usually temporary: try again once, in a few seconds.";
      break;
    default:
      error.code = ErrorCode::upstream;
      error.message = "The API's answer could not be read.";
      error.hint = "Try again once; if it stays so, whoever runs this server must look into it.";
  }
  if (may_change) {
    error.was_applied = failure.maybe_sent ? Applied::unknown : Applied::no;
    // An answer that is too large was an answer: the deed is done or refused, we cannot tell.
    if (error.was_applied == Applied::unknown) error.hint = search_first(call);
  }
  return error;
}

std::string list_tool_of(const Call& call, const integration::Resource& resource) {
  const auto* list = resource.find_method("list");
  return list != nullptr && !list->description.empty()
             ? integration::tool_name(call.integration().tool_prefix, resource, *list)
             : std::string();
}

// "ticketId" → the resource of tickets.
const integration::Resource* resource_of_id(const Call& call, std::string_view name) {
  if (!name.ends_with("Id")) return nullptr;
  name.remove_suffix(2);
  for (const auto& resource : call.integration().resources) {
    std::string singular = resource.singular;
    std::erase(singular, '_');
    if (equal_ignoring_case(singular, name)) return &resource;
  }
  return nullptr;
}

std::string all_list(std::vector<std::string> tools, std::string_view what) {
  std::ranges::sort(tools);
  tools.erase(std::ranges::unique(tools).begin(), tools.end());
  std::erase(tools, "");
  if (tools.empty()) return {};
  return join(tools, " and ") + (tools.size() == 1 ? " lists " : " list ") + std::string(what);
}

// Of an address that leads nowhere: where the ids in it come from.
std::string where_ids_come_from(const Call& call, const integration::Resource& about) {
  const auto* list = about.find_method("list");
  const std::string& path =
      &about == &call.resource() || list == nullptr ? call.method().path : list->path;
  std::vector<std::string> tools;
  for (std::size_t at = path.find('{'); at != std::string::npos; at = path.find('{', at + 1)) {
    const auto name = std::string_view(path).substr(at + 1, path.find('}', at) - at - 1);
    const auto* resource = equal_ignoring_case(name, call.integration().pagination.id_field)
                               ? &about
                               : resource_of_id(call, name);
    if (resource != nullptr) tools.push_back(list_tool_of(call, *resource));
  }
  const auto where = all_list(std::move(tools), "the right ones.");
  return where.empty() ? where : "Check the id: " + where;
}

// Of references that lead nowhere.
std::string where_records_are(const Call& call, const std::vector<std::string>& fields) {
  std::vector<std::string> tools;
  for (const auto& field : fields) {
    const auto* argument = call.find_argument_of_field(field);
    if (argument == nullptr) continue;
    if (argument->reference) {
      tools.push_back(argument->reference->list_tool);
    } else if (const auto* resource = resource_of_id(call, argument->name)) {
      tools.push_back(list_tool_of(call, *resource));
    }
  }
  return all_list(std::move(tools), "all there are.");
}

}  // namespace

std::string search_first(const Call& call) {
  const bool creates = call.method().kind == integration::MethodKind::create ||
                       call.method().kind == integration::MethodKind::custom;
  return creates ? "It may have been done all the same: list " + to_lower(call.resource().label) +
                       " and look for it before trying again, or there may be two."
                 : "It may have been done all the same: read the record before trying again.";
}

io::Task<ToolError> read_refusal(Call& call, const upstream::Answer& answer, bool may_change,
                                 const integration::Resource& about) {
  const auto fault = read_fault(call, answer);
  const auto advice = call.conventions().advise(fault, about);
  ToolError error;
  error.code = advice.code;
  error.status = answer.status;
  error.message = advice.message;
  error.hint = advice.hint;
  error.was_applied = applied_after(answer.status, may_change, advice.certainly_not_applied);
  if (error.was_applied == Applied::unknown) error.hint = search_first(call);
  if (answer.status == 401 || advice.code == ErrorCode::unauthenticated) {
    call.credentials_refused = true;
  }
  if (answer.status == 429 || answer.status == 503) {
    error.retry_after_seconds = answer.rate_limit.retry_after_seconds;
  }
  if (answer.status == 429) {
    error.code = ErrorCode::rate_limited;
    if (error.retry_after_seconds) {
      error.hint = "Wait " + std::to_string(*error.retry_after_seconds) +
                   " seconds before calling again" +
                   (call.is_write() ? "." : ", and ask for less at once.");
    }
  }
  if (answer.status >= 300 && answer.status < 400) {
    error.code = ErrorCode::upstream;
    error.message = "The API redirects elsewhere, which is not followed.";
  }
  if (answer.status == 404 && advice.code == ErrorCode::not_found) {
    if (auto where = where_ids_come_from(call, about); !where.empty())
      error.hint = std::move(where);
  }
  if (const auto where = where_records_are(call, advice.unknown_references); !where.empty()) {
    error.hint += (error.hint.empty() ? "" : " ") + where;
  }
  for (const auto& field : fault.fields) {
    const auto* argument = call.find_argument_of_field(field.field);
    error.field_errors.push_back(
        {argument != nullptr ? argument->name : field.field, field.message});
  }
  if (advice.unknown_references.empty()) co_return error;
  // What we believed about the names was wrong; ask afresh, now and for the next call.
  call.loop.lookups.drop(call.lookup_keys);
  for (std::size_t i = 0; i < error.field_errors.size(); ++i) {
    const auto& upstream_field = fault.fields[i].field;
    if (std::ranges::find(advice.unknown_references, upstream_field) ==
        advice.unknown_references.end()) {
      continue;
    }
    const auto* argument = call.find_argument_of_field(upstream_field);
    if (argument == nullptr) continue;
    error.field_errors[i].message += co_await candidates_for(call, *argument);
    const auto* named = argument->reference ? nullptr : resource_of_id(call, argument->name);
    const auto* id = call.arguments.find(argument->name);
    if (&about == &call.resource() && named != nullptr && id != nullptr) {
      const auto kind = co_await sibling_that_has(call, *named, *id);
      if (!kind.empty()) error.field_errors[i].message += ": it is one of the " + kind;
    }
  }
  co_return error;
}

namespace {

// However long an upstream says: nobody waits a day because of one wrong number.
constexpr std::int64_t kLongestCoolDown = 900;

// Sleeps in short steps, so that a client that goes away is not waited for. False: not allowed to
// wait that long, or the client is gone.
io::Task<bool> wait_out(Call& call, std::int64_t seconds) {
  using std::chrono::milliseconds;
  constexpr milliseconds kStep{200};
  const milliseconds wanted = std::chrono::seconds(seconds);
  if (call.waited + wanted > call.services.options.max_rate_limit_wait) co_return false;
  call.waited += wanted;
  for (milliseconds left = wanted; left.count() > 0; left -= kStep) {
    if (call.context.cancel.cancelled()) co_return false;
    co_await io::sleep(std::min(left, kStep));
  }
  co_return true;
}

ToolError still_cooling(std::int64_t seconds) {
  ToolError error;
  error.code = ErrorCode::rate_limited;
  error.message = "The API has asked for a pause; nothing was sent.";
  error.hint = "Wait " + std::to_string(seconds) + " seconds before calling again.";
  error.retry_after_seconds = seconds;
  return error;
}

ToolError not_admitted(upstream::Throttle::Refusal refusal) {
  constexpr std::int64_t kAgainInSeconds = 5;
  ToolError error;
  if (refusal == upstream::Throttle::Refusal::cancelled) {
    error.code = ErrorCode::cancelled;
    error.message = "The call was cancelled.";
    return error;
  }
  error.code = ErrorCode::rate_limited;
  error.message = "Too many calls to this account are under way; nothing was sent.";
  error.hint = "Make fewer calls at the same time, and this one again in a few seconds.";
  error.retry_after_seconds = kAgainInSeconds;
  return error;
}

// Waits for its turn among the requests of the account, and holds it while it sends.
io::Task<Received> send_once(Call& call, upstream::Request request, bool may_change) {
  auto& throttle = call.context.account->throttle();
  const auto now = [&] { return call.services.clock.monotonic(); };
  const auto pass = co_await throttle.enter(call.services.options.throttle, call.context.cancel);
  if (!pass) co_return std::unexpected(not_admitted(pass.error()));
  // Another request may have been told so meanwhile.
  if (const auto left = throttle.cooling(now())) {
    call.rate_limit =
        upstream::RateLimit{.remaining = 0, .reset_seconds = *left, .retry_after_seconds = *left};
    co_return std::unexpected(still_cooling(*left));
  }
  auto answer = co_await call.services.sender.send(*call.context.account, std::move(request));
  if (!answer) co_return std::unexpected(without_answer(call, answer.error(), may_change));
  if (answer->status == 429 && answer->rate_limit.retry_after_seconds) {
    const auto seconds =
        std::clamp<std::int64_t>(*answer->rate_limit.retry_after_seconds, 0, kLongestCoolDown);
    throttle.cool_down(now() + std::chrono::seconds(seconds));
  }
  co_return std::move(*answer);
}

}  // namespace

io::Task<Received> send(Call& call, upstream::Request request, bool may_change,
                        const integration::Resource* about) {
  request.timeout = call.services.options.upstream_timeout;
  request.cancel = call.context.cancel;
  if (!call.context.traceparent.empty()) {
    request.headers.emplace("traceparent", call.context.traceparent);
  }
  const bool may_wait = !call.is_write() && call.context.wait_on_rate_limit;
  while (true) {
    // What may wait may have to be sent again.
    auto attempt = may_wait ? request : std::move(request);
    auto answer = co_await send_once(call, std::move(attempt), may_change);
    if (!answer) {
      const auto& pause = answer.error().retry_after_seconds;
      if (may_wait && pause && co_await wait_out(call, *pause)) continue;
      co_return std::unexpected(std::move(answer.error()));
    }
    call.upstream_status = answer->status;
    call.upstream_bytes += answer->body.size();
    if (answer->rate_limit != upstream::RateLimit{}) call.rate_limit = answer->rate_limit;
    if (answer->status >= 200 && answer->status < 300) co_return std::move(*answer);
    if (answer->status == 429 && may_wait &&
        co_await wait_out(call, answer->rate_limit.retry_after_seconds.value_or(30))) {
      continue;
    }
    auto refusal = co_await read_refusal(call, *answer, may_change,
                                         about != nullptr ? *about : call.resource());
    if (about == nullptr && refusal.code == ErrorCode::not_found) {
      co_await look_at_sibling(call, refusal);
    }
    co_return std::unexpected(std::move(refusal));
  }
}

}  // namespace patchbay::gateway
