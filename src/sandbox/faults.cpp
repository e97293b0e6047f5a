#include "sandbox/faults.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "sandbox/http_response.h"
#include "sandbox/records/api_error.h"

namespace patchbay::sandbox {

Result<InjectedFault> read_fault(const json::Value& value) {
  const json::Object* object = value.if_object();
  if (object == nullptr) return fail(ErrorCode::invalid_argument, "A fault is a JSON object.");
  for (const auto& [name, member] : *object) {
    constexpr std::string_view kKnown[] = {"count",   "path_prefix", "method", "status", "body",
                                           "headers", "delay_ms",    "hang",   "apply"};
    if (std::ranges::find(kKnown, name) == std::end(kKnown)) {
      return fail(ErrorCode::invalid_argument, fmt::format("A fault has no member {}.", name));
    }
  }
  InjectedFault fault;
  fault.count = value.int64_or("count", 1);
  fault.path_prefix = to_lower(value.string_or("path_prefix", ""));
  fault.status = static_cast<int>(value.int64_or("status", 0));
  fault.body = value.string_or("body", "");
  fault.delay = std::chrono::milliseconds(value.int64_or("delay_ms", 0));
  fault.hang = value.bool_or("hang", false);
  fault.apply = value.bool_or("apply", false);
  if (const std::string_view method = value.string_or("method", ""); !method.empty()) {
    fault.method = http::parse_method(method);
    if (!fault.method) return fail(ErrorCode::invalid_argument, "method is not an HTTP method.");
  }
  if (fault.count < 1 || fault.status < 0 || fault.status > 599 ||
      (fault.status > 0 && fault.status < 200) || fault.delay.count() < 0) {
    return fail(ErrorCode::invalid_argument, "count, status or delay_ms is out of range.");
  }
  if (const json::Value* headers = value.find("headers"); headers && headers->is_object()) {
    for (const auto& [name, text] : *headers->if_object()) {
      if (const std::string* header = text.if_string()) fault.headers[name] = *header;
    }
  }
  return fault;
}

void FaultInjector::clear() {
  faults_.clear();
  ++generation_;
}

std::optional<InjectedFault> FaultInjector::take(http::Method method, std::string_view path) {
  const std::string lower = to_lower(path);
  for (auto fault = faults_.begin(); fault != faults_.end(); ++fault) {
    if (fault->method && *fault->method != method) continue;
    if (!lower.starts_with(fault->path_prefix)) continue;
    InjectedFault taken = *fault;
    if (--fault->count == 0) faults_.erase(fault);
    return taken;
  }
  return std::nullopt;
}

std::optional<http::Response> RateLimiter::refuse(const Settings& settings, MonotonicTime now) {
  if (settings.rate_limit == 0) return std::nullopt;
  if (used_ == 0 || now - window_start_ >= settings.rate_window) {
    window_start_ = now;
    used_ = 0;
  }
  if (used_ < settings.rate_limit) {
    ++used_;
    return std::nullopt;
  }
  const auto left =
      std::chrono::ceil<std::chrono::seconds>(window_start_ + settings.rate_window - now);
  const std::int64_t seconds = std::max<std::int64_t>(1, left.count());
  std::string message = fmt::format("Please try again in {} seconds", seconds);
  http::Response response = settings.rate_body_text
                                ? http::Response::text(429, std::move(message))
                                : to_http(ApiError{429, "TooManyRequests", std::move(message), {}});
  if (settings.rate_retry_after) response.headers.set("Retry-After", fmt::to_string(seconds));
  return response;
}

}  // namespace patchbay::sandbox
