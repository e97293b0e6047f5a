#include "app/request_metrics.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "admin/api.h"
#include "admin/authentication.h"
#include "base/text.h"
#include "control/token_scope.h"

namespace patchbay::app {
namespace {

constexpr std::array<std::string_view, 3> kPurposeNames{"mcp", "admin", "operation"};

io::Task<http::Response> expose(const telemetry::Metrics& metrics,
                                const std::function<io::Task<Result<>>(std::string)>& allowed,
                                http::Request& request) {
  constexpr std::string_view kScheme = "Bearer ";
  const std::string_view field = request.headers.find("Authorization").value_or("");
  if (!field.starts_with(kScheme)) {
    co_return admin::refused({ErrorCode::unauthenticated, "Metrics want an API token.",
                              "Send Authorization: Bearer with a token of the whole instance, of "
                              "scope admin or read."});
  }
  const auto may = co_await allowed(std::string(trim(field.substr(kScheme.size()))));
  if (!may) co_return admin::refused(may.error());
  auto response = http::Response::text(200, metrics.expose());
  response.headers.set("Content-Type", "text/plain; version=0.0.4");
  response.headers.set("Cache-Control", "no-store");
  co_return response;
}

}  // namespace

RequestMetrics::RequestMetrics(telemetry::Metrics& metrics) {
  for (std::size_t purpose = 0; purpose < kPurposes; ++purpose) {
    const std::string name(kPurposeNames[purpose]);
    for (std::size_t status = 0; status < kClasses; ++status) {
      requests_[purpose][status] =
          &metrics.counter("patchbay_http_requests_total", "Requests answered.",
                           {{"purpose", name}, {"status", fmt::format("{}xx", status + 1)}});
    }
    seconds_[purpose] = &metrics.histogram("patchbay_http_request_seconds",
                                           "Time from a request's last byte to its answer.",
                                           telemetry::kDurations, {{"purpose", name}});
  }
}

RequestMetrics::Purpose RequestMetrics::purpose_of(std::string_view path) {
  if (path == "/mcp" || path.starts_with("/mcp/")) return Purpose::mcp;
  for (const std::string_view operation : {"/", "/healthz", "/readyz", "/metrics"}) {
    if (path == operation) return Purpose::operation;
  }
  return Purpose::admin;
}

std::size_t RequestMetrics::class_of(int status) {
  return static_cast<std::size_t>(std::clamp(status / 100, 1, 5) - 1);
}

void RequestMetrics::count(std::string_view path, int status) {
  requests_[static_cast<std::size_t>(purpose_of(path))][class_of(status)]->add();
}

io::Task<http::Response> RequestMetrics::answer(const http::Router& router,
                                                http::Request& request) {
  const auto purpose = static_cast<std::size_t>(purpose_of(request.path));
  const auto started = std::chrono::steady_clock::now();
  http::Response response = co_await router(request);
  const auto taken = std::chrono::steady_clock::now() - started;
  requests_[purpose][class_of(response.status)]->add();
  seconds_[purpose]->observe(std::chrono::duration_cast<std::chrono::microseconds>(taken).count());
  co_return response;
}

void add_metrics_route(http::Router& router, const telemetry::Metrics& metrics,
                       std::function<void()> before,
                       std::function<io::Task<Result<>>(std::string token)> allowed) {
  router.add(http::Method::get, "/metrics",
             [&metrics, before = std::move(before), allowed = std::move(allowed)](
                 http::Request& request, const http::PathParameters&) {
               before();
               return expose(metrics, allowed, request);
             });
}

io::Task<Result<>> may_read_metrics(io::Runtime& runtime, control::ControlPlane& control,
                                    std::string token) {
  const auto principal = co_await admin::authenticate(runtime, control, std::move(token));
  if (!principal) co_return std::unexpected(principal.error());
  const control::Scope scope = principal->scope.scope;
  if (!principal->environment_id.empty()) {
    co_return fail(ErrorCode::permission_denied,
                   "Metrics tell of all environments, and this token is of one.",
                   "Use a token of the whole instance.");
  }
  if (scope == control::Scope::admin || scope == control::Scope::read) co_return Result<>();
  co_return fail(ErrorCode::permission_denied, "This token's scope is " +
                                                   std::string(control::to_string(scope)) +
                                                   "; metrics want admin or read.");
}

}  // namespace patchbay::app
