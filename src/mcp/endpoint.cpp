#include "mcp/endpoint.h"

#include <utility>

#include "base/replaceable.h"
#include "http/url.h"
#include "mcp/access.h"
#include "mcp/event_stream_transport.h"
#include "mcp/ladder.h"
#include "mcp/methods/services.h"

namespace patchbay::mcp {

struct McpEndpoint::Impl {
  Impl(std::unique_ptr<ServerRegistry> servers, std::shared_ptr<const vault::Vault> vault,
       const Clock& clock, const telemetry::Log& log, EndpointOptions given)
      : registry(std::move(servers)),
        places(std::move(given.places)),
        services{.version = std::move(given.server_version),
                 .log = log,
                 .carried = CarriedState(std::move(vault), clock),
                 .bytes = std::move(given.bytes),
                 .watch = given.watch,
                 .tracer = given.tracer} {}

  // Constant after construction.
  std::unique_ptr<ServerRegistry> registry;
  // Synchronised by themselves.
  Replaceable<http::OriginPolicy> places;
  McpServices services;
  EventStreamTransport event_streams;

  // Of what is in memory; what is not found there may have to be looked up.
  Admitted admit_known(const http::Request& request, std::string_view path_token) const;
  static bool may_be_unread(const Admitted& admitted);
  io::Task<Admitted> look_up(const http::Request& request, std::string path_token) const;
  // The last word.
  Admitted told(const http::Request& request, Admitted admitted) const;
  // Parameters live in the frames of these coroutines, the request in the connection.
  io::Task<http::Response> post(http::Request& request, std::string path_token);
  io::Task<http::Response> refuse_method(const http::Request& request, std::string path_token,
                                         std::string_view allowed) const;
  io::Task<http::Response> open_event_stream(const http::Request& request, std::string path_token);
  io::Task<http::Response> post_to_event_stream(const http::Request& request,
                                                std::string path_token);
  io::Task<Admitted> admit(const http::Request& request, std::string path_token) const;
  io::Task<http::BodyVerdict> judge_later(const http::Request& request, bool is_stream,
                                          std::string path_token) const;
  static http::BodyVerdict verdict_on(const http::Request& request, bool is_stream,
                                      Admitted admitted);
};

Admitted McpEndpoint::Impl::admit_known(const http::Request& request,
                                        std::string_view path_token) const {
  if (auto refused = check_origin(request.headers, places.get())) {
    return NotAdmitted{std::move(*refused)};
  }
  return mcp::admit(*registry, path_token, request);
}

bool McpEndpoint::Impl::may_be_unread(const Admitted& admitted) {
  const auto* refused = std::get_if<NotAdmitted>(&admitted);
  if (refused == nullptr) return false;
  const int status = refused->response.status;
  return status == 404 || status == 401;
}

io::Task<Admitted> McpEndpoint::Impl::look_up(const http::Request& request,
                                              std::string path_token) const {
  const Credentials given = credentials_in(path_token, request);
  if (auto reading = registry->look_up(given.token, given.api_token)) {
    if (!co_await std::move(*reading)) co_return NotAdmitted{try_again_soon()};
  }
  co_return admit_known(request, path_token);
}

Admitted McpEndpoint::Impl::told(const http::Request& request, Admitted admitted) const {
  if (!may_be_unread(admitted)) return admitted;
  using telemetry::Sight;
  const auto& refused = std::get<NotAdmitted>(admitted);
  if (refused.response.status == 401) {
    services.saw(Sight::wrong_second_factor, request.peer);
    return admitted;
  }
  services.saw(refused.elsewhere.empty() ? Sight::wrong_token : Sight::wrong_address, request.peer,
               refused.elsewhere);
  return admitted;
}

io::Task<Admitted> McpEndpoint::Impl::admit(const http::Request& request,
                                            std::string path_token) const {
  Admitted admitted = admit_known(request, path_token);
  if (may_be_unread(admitted)) admitted = co_await look_up(request, path_token);
  co_return told(request, std::move(admitted));
}

// The top of the ladder: what can be said without reading the body.
io::Task<http::Response> McpEndpoint::Impl::post(http::Request& request, std::string path_token) {
  // Not by admit(): what is in memory, nearly all, needs no coroutine of its own.
  Admitted admitted = admit_known(request, path_token);
  if (may_be_unread(admitted)) admitted = co_await look_up(request, path_token);
  admitted = told(request, std::move(admitted));
  if (auto* refused = std::get_if<NotAdmitted>(&admitted)) co_return std::move(refused->response);
  if (auto refused = check_content_type(request.headers)) co_return std::move(*refused);
  const Acceptable acceptable = read_accept(request.headers);
  if (!acceptable.json && !acceptable.event_stream) {
    co_return refusal(406, "not_acceptable",
                      "Accept must allow application/json or text/event-stream.");
  }
  auto& found = std::get<ServerRegistry::Found>(admitted);
  const Ladder ladder(std::move(found.server), request, acceptable, services);
  co_return co_await ladder.run();
}

io::Task<http::Response> McpEndpoint::Impl::refuse_method(const http::Request& request,
                                                          std::string path_token,
                                                          std::string_view allowed) const {
  Admitted admitted = co_await admit(request, std::move(path_token));
  if (auto* refused = std::get_if<NotAdmitted>(&admitted)) co_return std::move(refused->response);
  co_return wrong_method(allowed);
}

io::Task<http::Response> McpEndpoint::Impl::open_event_stream(const http::Request& request,
                                                              std::string path_token) {
  std::string messages = "/mcp/" + http::percent_encode(path_token) + "/messages";
  Admitted admitted = co_await admit(request, std::move(path_token));
  if (auto* refused = std::get_if<NotAdmitted>(&admitted)) co_return std::move(refused->response);
  co_return event_streams.open(std::move(std::get<ServerRegistry::Found>(admitted).server),
                               std::move(messages), services);
}

io::Task<http::Response> McpEndpoint::Impl::post_to_event_stream(const http::Request& request,
                                                                 std::string path_token) {
  Admitted admitted = co_await admit(request, std::move(path_token));
  if (auto* refused = std::get_if<NotAdmitted>(&admitted)) co_return std::move(refused->response);
  if (auto refused = check_content_type(request.headers)) co_return std::move(*refused);
  co_return event_streams.post(std::move(std::get<ServerRegistry::Found>(admitted).server), request,
                               services);
}

McpEndpoint::McpEndpoint(std::unique_ptr<ServerRegistry> registry,
                         std::shared_ptr<const vault::Vault> vault, const Clock& clock,
                         const telemetry::Log& log, EndpointOptions options)
    : impl_(std::make_unique<Impl>(std::move(registry), std::move(vault), clock, log,
                                   std::move(options))) {}

McpEndpoint::~McpEndpoint() = default;

bool McpEndpoint::is_place(std::string_view path) {
  return path == "/mcp" || path.starts_with("/mcp/") || path == "/register" ||
         path.starts_with("/.well-known/");
}

http::BodyVerdict McpEndpoint::judge_body(const http::Request& request) const {
  const auto refuse = [&](http::Response response) {
    add_common_headers(response, request.headers);
    return http::BodyVerdict{.refused = std::move(response)};
  };
  if (!request.path.starts_with("/mcp")) return refuse(nothing_here());
  // "/mcp", "/mcp/<token>" and "/mcp/<token>/messages" take one.
  std::string_view place = request.path.substr(std::string_view("/mcp").size());
  while (place.ends_with('/')) place.remove_suffix(1);
  if (place.starts_with('/')) place.remove_prefix(1);
  // Clients that try both transports send their first POST there, and go on by its 405.
  const bool is_stream = place.ends_with("/sse");
  if (is_stream) place.remove_suffix(std::string_view("/sse").size());
  if (place.ends_with("/messages")) place.remove_suffix(std::string_view("/messages").size());
  if (place.contains('/')) return refuse(nothing_here());
  const auto token = http::percent_decode(place, false);
  if (!token) return refuse(unknown_url());
  Admitted admitted = impl_->admit_known(request, *token);
  const Credentials given = credentials_in(*token, request);
  if (!Impl::may_be_unread(admitted) || !impl_->registry->look_up(given.token, given.api_token)) {
    return impl_->verdict_on(request, is_stream, impl_->told(request, std::move(admitted)));
  }
  return {.later = [impl = impl_.get(), &request, is_stream, token = *token] {
    return impl->judge_later(request, is_stream, token);
  }};
}

io::Task<http::BodyVerdict> McpEndpoint::Impl::judge_later(const http::Request& request,
                                                           bool is_stream,
                                                           std::string path_token) const {
  Admitted admitted = co_await look_up(request, path_token);
  co_return verdict_on(request, is_stream, told(request, std::move(admitted)));
}

http::BodyVerdict McpEndpoint::Impl::verdict_on(const http::Request& request, bool is_stream,
                                                Admitted admitted) {
  const auto refuse = [&](http::Response response) {
    add_common_headers(response, request.headers);
    return http::BodyVerdict{.refused = std::move(response)};
  };
  if (auto* refused = std::get_if<NotAdmitted>(&admitted)) {
    return refuse(std::move(refused->response));
  }
  if (is_stream) return refuse(wrong_method("GET"));
  if (request.method != http::Method::post) return refuse(wrong_method("POST"));
  if (auto refused = check_content_type(request.headers)) return refuse(std::move(*refused));
  const auto& found = std::get<ServerRegistry::Found>(admitted);
  return {.refused = std::nullopt, .holder = std::string(found.server->id())};
}

std::size_t McpEndpoint::streams() const {
  return impl_->services.streams->held();
}

void McpEndpoint::set_places(http::OriginPolicy places) {
  impl_->places.replace(std::move(places));
}

void McpEndpoint::look_again() {
  impl_->services.listeners.look_again();
  impl_->event_streams.look_again();
}

void McpEndpoint::end_streams() {
  impl_->services.listeners.end_all();
  impl_->event_streams.end_all();
}

// ---- routes ------------------------------------------------------------------------------------

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

io::Task<Response> ready(Response response) {
  co_return response;
}

// `work`: (Request&, token) to a Response or a Task of one.
template <class Work>
http::RouteHandler handler(bool token_in_path, Work work) {
  return [token_in_path, work](Request& request, const PathParameters& path) {
    std::string token = token_in_path ? std::string(path["token"]) : std::string();
    if constexpr (std::is_same_v<decltype(work(request, token)), Response>) {
      return finish(ready(work(request, token)), request);
    } else {
      return finish(work(request, token), request);
    }
  };
}

constexpr Method kEveryMethod[] = {Method::get, Method::post, Method::put, Method::patch,
                                   Method::delete_};

}  // namespace

void McpEndpoint::add_routes(http::Router& router) {
  Impl* impl = impl_.get();
  // Where sessions are handed out, pages end them with DELETE. Its answer is a 405, which they
  // take, if their browser lets them see it.
  const auto ask_before = [impl](std::string_view methods) {
    return [impl, methods](Request& request, const std::string&) {
      auto refused = check_origin(request.headers, impl->places.get());
      return refused ? std::move(*refused) : preflight(request.headers, methods);
    };
  };
  // What is there for one method is refused for the others, and only to those who may know of it.
  const auto add = [&](const std::string& pattern, bool token_in_path, Method offered, auto work,
                       std::string_view from_pages = "POST, GET") {
    router.add(offered, pattern, handler(token_in_path, work));
    const std::string_view allowed = http::to_string(offered);
    for (const Method method : kEveryMethod) {
      if (method == offered) continue;
      router.add(
          method, pattern,
          handler(token_in_path, [impl, allowed](Request& request, const std::string& token) {
            return impl->refuse_method(request, token, allowed);
          }));
    }
    router.add(Method::options, pattern, handler(false, ask_before(from_pages)));
  };
  const auto post = [impl](Request& request, std::string token) {
    return impl->post(request, std::move(token));
  };
  add("/mcp/:token", true, Method::post, post, "POST, GET, DELETE");
  add("/mcp", false, Method::post, post, "POST, GET, DELETE");
  add("/mcp/:token/sse", true, Method::get, [impl](Request& request, const std::string& token) {
    return impl->open_event_stream(request, token);
  });
  add("/mcp/:token/messages", true, Method::post,
      [impl](Request& request, const std::string& token) {
        return impl->post_to_event_stream(request, token);
      });

  // Clients look for OAuth before they speak, also under the URL itself. Anything but a 404 in JSON
  // makes one of them believe that there is some.
  for (const Method method : {Method::get, Method::post, Method::options}) {
    for (const char* pattern : {"/.well-known/*rest", "/mcp/:token/*rest", "/register"}) {
      router.add(method, pattern,
                 handler(false, [](Request&, const std::string&) { return nothing_here(); }));
    }
  }
}

}  // namespace patchbay::mcp
