#include "mcp/endpoint.h"

#include <utility>

#include "mcp/access.h"
#include "mcp/fixture_host.h"
#include "mcp/ladder.h"
#include "mcp/served_tools.h"
#include "mcp/services.h"

namespace patchbay::mcp {

struct Endpoint::Impl {
  Impl(std::unique_ptr<HostRegistry> hosts, std::shared_ptr<const vault::Vault> vault,
       const Clock& clock, const telemetry::Log& log, EndpointOptions given)
      : registry(std::move(hosts)),
        rules{.allowed_origins = std::move(given.allowed_origins),
              .allowed_hosts = std::move(given.allowed_hosts)},
        services{.version = std::move(given.server_version),
                 .log = log,
                 .carried = CarriedState(std::move(vault), clock)} {}

  // Constant after construction.
  std::unique_ptr<HostRegistry> registry;
  ServedRegistry* served = nullptr;  // within the registry, if it is the control plane's
  OriginRules rules;
  // Synchronised by itself.
  Services services;

  io::Task<http::Response> post(http::Request& request, std::string path_token);
  http::Response refuse_method(const http::Request& request, std::string_view path_token) const;
};

// The top of the ladder: what can be said without reading the body.
io::Task<http::Response> Endpoint::Impl::post(http::Request& request, std::string path_token) {
  if (auto refused = check_origin(request.headers, rules)) co_return std::move(*refused);
  auto admitted = admit(*registry, path_token, request.headers);
  if (auto* refused = std::get_if<http::Response>(&admitted)) co_return std::move(*refused);
  if (auto refused = check_content_type(request.headers)) co_return std::move(*refused);
  const Acceptable acceptable = read_accept(request.headers);
  if (!acceptable.json && !acceptable.event_stream) {
    http::Response response =
        refusal(406, "not_acceptable", "Accept must allow application/json or text/event-stream.");
    co_return response;
  }
  auto& found = std::get<HostRegistry::Found>(admitted);
  co_return co_await answer(std::move(found.host), request, acceptable, services);
}

http::Response Endpoint::Impl::refuse_method(const http::Request& request,
                                             std::string_view path_token) const {
  if (auto refused = check_origin(request.headers, rules)) return std::move(*refused);
  auto admitted = admit(*registry, path_token, request.headers);
  if (auto* refused = std::get_if<http::Response>(&admitted)) return std::move(*refused);
  return post_only();
}

namespace {

std::unique_ptr<HostRegistry> with_fixtures(std::unique_ptr<HostRegistry> registry,
                                            const std::string& token) {
  if (token.empty()) return registry;
  return std::make_unique<FixtureRegistry>(token, std::move(registry));
}

}  // namespace

Endpoint::Endpoint(const control::SnapshotHolder& snapshot, gateway::Gateway& gateway,
                   std::shared_ptr<const vault::Vault> vault, const Clock& clock,
                   const telemetry::Log& log, EndpointOptions options) {
  auto registry = std::make_unique<ServedRegistry>(snapshot, gateway, vault, clock);
  ServedRegistry* served = registry.get();
  impl_ =
      std::make_unique<Impl>(std::move(registry), std::move(vault), clock, log, std::move(options));
  impl_->served = served;
}

Endpoint::Endpoint(std::unique_ptr<HostRegistry> registry,
                   std::shared_ptr<const vault::Vault> vault, const Clock& clock,
                   const telemetry::Log& log, EndpointOptions options)
    : impl_(std::make_unique<Impl>(with_fixtures(std::move(registry), options.fixture_token),
                                   std::move(vault), clock, log, std::move(options))) {}

Endpoint::~Endpoint() = default;

void Endpoint::on_credentials_refused(std::function<void(const std::string& account_id)> callback) {
  if (impl_->served != nullptr) impl_->served->on_credentials_refused(std::move(callback));
}

void Endpoint::end_streams() {
  impl_->services.listeners.end_all();
}

namespace {

using http::Method;
using http::PathParameters;
using http::Request;
using http::Response;

// What every answer of these routes carries is added in one place. The coroutine owns the work and
// captures nothing.
io::Task<Response> finish(io::Task<Response> work, Request& request) {
  Response response = co_await std::move(work);
  add_common_headers(response, request.headers);
  co_return response;
}

template <class Work>
http::RouteHandler with_common_headers(Work work) {
  return [work](Request& request, const PathParameters& path) {
    return finish(work(request, path), request);
  };
}

io::Task<Response> ready(Response response) {
  co_return response;
}

}  // namespace

void Endpoint::add_routes(http::Router& router) {
  Impl* impl = impl_.get();
  const auto add_endpoint = [&](const std::string& pattern, bool token_in_path) {
    const auto token = [token_in_path](const PathParameters& path) {
      return token_in_path ? std::string(path["token"]) : std::string();
    };
    router.add(Method::post, pattern,
               with_common_headers([impl, token](Request& request, const PathParameters& path) {
                 return impl->post(request, token(path));
               }));
    for (const Method method : {Method::get, Method::delete_, Method::put, Method::patch}) {
      router.add(method, pattern,
                 with_common_headers([impl, token](Request& request, const PathParameters& path) {
                   return ready(impl->refuse_method(request, token(path)));
                 }));
    }
    router.add(Method::options, pattern,
               with_common_headers([impl](Request& request, const PathParameters&) {
                 auto refused = check_origin(request.headers, impl->rules);
                 return ready(refused ? std::move(*refused) : preflight(request.headers));
               }));
  };
  add_endpoint("/mcp/:token", true);
  add_endpoint("/mcp", false);

  // Clients look for OAuth before they speak, also under the URL itself. Anything but a 404 in JSON
  // makes one of them believe that there is some.
  const auto nothing =
      with_common_headers([](Request&, const PathParameters&) { return ready(nothing_here()); });
  for (const Method method : {Method::get, Method::post, Method::options}) {
    for (const char* pattern : {"/.well-known/*rest", "/mcp/:token/*rest", "/register"}) {
      router.add(method, pattern, nothing);
    }
  }
}

}  // namespace patchbay::mcp
