#include "admin/api.h"

#include "admin/actions.h"
#include "admin/approval_page.h"
#include "admin/authentication.h"
#include "admin/connect_page.h"
#include "admin/log_export.h"
#include "admin/openapi.h"
#include "admin/operation.h"
#include "admin/recorded.h"
#include "admin/responses.h"
#include "admin/session_cookie.h"
#include "admin/sign_in.h"

namespace patchbay::admin {

struct Api::Impl {
  io::Runtime& runtime;
  Context context;
  ApiOptions options;
  SignInDoor sign_in{runtime, context, options.refused};

  void note_refused(int status, std::string_view who, std::string_view operation) const {
    if (options.refused) options.refused(status, who, operation);
  }
};

namespace {

// Blocks: for the pool.
http::Response carry_out(const Operation& operation, Api::Impl& api, Asker asker,
                         const http::Request& request, const http::PathParameters& path) {
  auto checked = read_request(operation, std::move(asker.principal), request, path);
  if (!checked) return error_response(checked.error().status, checked.error().error);
  checked->session = std::move(asker.session);
  if (operation.gives_file()) {
    auto file = export_log(api.runtime, api.context, *checked,
                           credentials_of(request, api.options.public_url));
    return file ? std::move(*file) : error_response(file.error());
  }
  const auto body = carry_out_recorded(operation, api.context, *checked, request);
  if (!body && !checked->faults.empty()) return faulty_response(body.error(), checked->faults);
  if (!body) return error_response(body.error());
  return json_response(operation.success.status, *body);
}

Error beyond_scope(control::Scope scope) {
  if (scope == control::Scope::mcp) {
    return {
        ErrorCode::permission_denied,
        "This API token is a second factor of MCP servers (scope 'mcp') and opens nothing here.",
        "Use an API token with another scope."};
  }
  return {ErrorCode::permission_denied,
          "The scope of this API token, '" + std::string(control::to_string(scope)) +
              "', does not include this operation.",
          "Use an API token with scope 'admin', or one that includes it."};
}

Error forged() {
  return {ErrorCode::permission_denied,
          "A request by the dashboard's session must come from a page of this server.",
          "Send '" + std::string(kSessionHeader) + ": 1' with it, from this server's own origin."};
}

io::Task<Result<Asker>> who_asks(Api::Impl& api, const http::Request& request,
                                 telemetry::SpanRef parent) {
  const telemetry::Span span(parent, "authenticate");
  co_return co_await authenticate(api.runtime, api.context.control,
                                  credentials_of(request, api.options.public_url));
}

io::Task<http::Response> answer(std::shared_ptr<Api::Impl> api, const Operation& operation,
                                http::Request& request, const http::PathParameters& path,
                                telemetry::SpanRef span) {
  if (operation.access == Access::anybody) {
    co_return co_await api->sign_in.answer(operation, request, path);
  }
  auto asker = co_await who_asks(*api, request, span);
  if (!asker) {
    // A session that is over is nobody's attempt: each page that is still open finds out.
    const bool by_session = !credentials_of(request, api->options.public_url).session.empty();
    if (asker.error().code == ErrorCode::unauthenticated && !by_session) {
      api->note_refused(401, request.peer, operation.words.id);
    }
    co_return error_response(asker.error());
  }
  const std::string token_id = asker->principal.token_id;
  span.say("patchbay.api_token.id", token_id);
  if (asker->session && may_be_forged(request, api->options.public_url)) {
    api->note_refused(403, token_id, operation.words.id);
    co_return error_response(forged());
  }
  if (const control::Scope scope = asker->principal.scope.scope; !allows(operation.access, scope)) {
    api->note_refused(403, token_id, operation.words.id);
    co_return error_response(beyond_scope(scope));
  }
  // The frame of this coroutine waits until the work is done, so it may point into it.
  auto work = [&]() -> http::Response {
    return carry_out(operation, *api, std::move(*asker), request, path);
  };
  const telemetry::Span working(span, "carry_out");
  http::Response response = co_await api->runtime.run_blocking(std::move(work));
  if (response.status == 403) api->note_refused(403, token_id, operation.words.id);
  if (operation.action == end_session && response.status < 300) {
    response.headers.add("Set-Cookie", set_cookie("", is_secure(request, api->options.public_url)));
  }
  if (response.status < 300 && makes_change(operation, request) && api->options.changed) {
    api->options.changed(operation.words.id, token_id, request.path);
  }
  co_return response;
}

// A coroutine of its own, not a lambda: what it needs are parameters, which live in its frame.
io::Task<http::Response> serve(std::shared_ptr<Api::Impl> api, const Operation& operation,
                               http::Request& request, const http::PathParameters& path) {
  const telemetry::Tracer* const tracer = api->options.tracer;
  const auto header = [&](std::string_view name) {
    return request.headers.find(name).value_or("");
  };
  const auto trace =
      tracer != nullptr ? tracer->begin(header("traceparent"), header("tracestate")) : nullptr;
  // By the route, not by the path: that holds ids.
  const std::string_view method = http::to_string(request.method);
  const telemetry::Span span(trace.get(),
                             std::string(method) + " " + std::string(operation.route.pattern),
                             telemetry::SpanKind::server);
  span.ref().say("http.request.method", method);
  span.ref().say("http.route", operation.route.pattern);
  http::Response response = co_await answer(api, operation, request, path, span.ref());
  span.ref().say("http.response.status_code", std::int64_t{response.status});
  if (response.status >= 500) span.ref().fail(std::to_string(response.status));
  co_return response;
}

io::Task<http::Response> serve_openapi(std::shared_ptr<const std::string> document) {
  http::Response response = http::Response::json(200, "");
  response.shared = std::move(document);
  add_common_headers(response);
  co_return response;
}

}  // namespace

bool takes_large_body(std::string_view path) {
  constexpr std::string_view kIntegration = "/integration/";
  if (!path.starts_with(kIntegration)) return false;
  path.remove_prefix(kIntegration.size());
  const auto slash = path.find('/');
  return slash == std::string_view::npos || path.substr(slash) == "/import";
}

io::Task<http::Response> not_found(http::Request&) {
  co_return error_response(404, {ErrorCode::not_found, "There is nothing at this path.",
                                 "GET /openapi.json tells all."});
}

io::Task<http::Response> method_not_allowed(http::Request&) {
  co_return error_response(405, {ErrorCode::unsupported, "This path has other methods.", ""});
}

http::Response refused(const Error& error) {
  return error_response(error);
}

Api::Api(io::Runtime& runtime, control::ControlPlane& control, ApiOptions options)
    : impl_(std::make_shared<Impl>(runtime,
                                   Context{.control = control,
                                           .public_url = options.public_url,
                                           .reload = options.reload,
                                           .log = options.log,
                                           .listing = options.listing,
                                           .trials = options.trials,
                                           .definitions = options.definitions,
                                           .version = options.version,
                                           .sandbox = options.sandbox},
                                   options)) {}

Api::~Api() = default;

namespace {

http::BodyVerdict verdict_on(const Api::Impl& api, const http::Request& request,
                             const Result<control::Principal>& principal) {
  if (principal) return {.refused = std::nullopt, .holder = principal->token_id};
  if (principal.error().code == ErrorCode::unauthenticated) {
    api.note_refused(401, request.peer, "a body");
  }
  return {.refused = error_response(principal.error())};
}

Result<control::Principal> principal_of(Result<Asker> asker) {
  if (!asker) return std::unexpected(std::move(asker.error()));
  return std::move(asker->principal);
}

io::Task<http::BodyVerdict> judge_later(std::shared_ptr<Api::Impl> api,
                                        const http::Request& request) {
  auto asker = co_await authenticate(api->runtime, api->context.control,
                                     credentials_of(request, api->options.public_url));
  co_return verdict_on(*api, request, principal_of(std::move(asker)));
}

}  // namespace

http::BodyVerdict Api::judge_body(const http::Request& request) const {
  if (auto form = judge_approval_form(impl_->context.control.approvals(), request)) {
    return std::move(*form);
  }
  if (auto form = judge_connect_form(impl_->context.control.connections(), request)) {
    return std::move(*form);
  }
  // A stranger's, and small: as many as one address may have at a time.
  if (is_sign_in(request)) return {};
  const Credentials credentials = credentials_of(request, impl_->options.public_url);
  const auto principal = impl_->context.control.authenticate(credentials.api_token);
  if (!principal && (!credentials.session.empty() ||
                     impl_->context.control.may_be_unread(credentials.api_token))) {
    return {.later = [impl = impl_, &request] { return judge_later(impl, request); }};
  }
  return verdict_on(*impl_, request, principal);
}

void Api::add_routes(http::Router& router) {
  for (const Operation& operation : operations()) {
    router.add(
        operation.route.method, operation.route.pattern,
        [impl = impl_, &operation](http::Request& request, const http::PathParameters& path) {
          return serve(impl, operation, request, path);
        });
  }
  add_approval_page(router, impl_->runtime, impl_->context.control.approvals(),
                    impl_->options.changed, impl_->context.log.journal);
  add_connect_pages(router, impl_->runtime, impl_->context.control.connections(),
                    impl_->context.public_url,
                    [changed = impl_->options.changed](auto token_id, auto path) {
                      if (changed) changed("connect", "link of " + std::string(token_id), path);
                    });
  // Without a token: it holds no secret, and tools that read it send none.
  router.add(http::Method::get, "/openapi.json",
             [document = std::make_shared<const std::string>(openapi_document())](
                 http::Request&, const http::PathParameters&) { return serve_openapi(document); });
}

}  // namespace patchbay::admin
