#include "admin/sign_in.h"

#include <optional>
#include <string>
#include <utility>

#include "admin/authentication.h"
#include "admin/body_reader.h"
#include "admin/responses.h"
#include "admin/session_cookie.h"
#include "admin/views.h"
#include "audit/change.h"
#include "http/peer.h"

namespace patchbay::admin {

// One of the two.
struct SignInDoor::Wanted {
  std::string token;
  std::string link;
};

bool is_sign_in(const http::Request& request) {
  return request.method == http::Method::post && request.path == "/session";
}

std::string sign_in_url(std::string_view public_url, const vault::Token& link) {
  return std::string(public_url) + "/dashboard/sign-in#link=" + std::string(link.reveal());
}

Result<SignInDoor::Wanted> SignInDoor::read(const json::Object& body) {
  BodyReader reader(body);
  auto wanted =
      reader.give(Wanted{.token = reader.chosen_text("token"), .link = reader.chosen_text("link")});
  if (wanted && wanted->token.empty() == wanted->link.empty()) {
    return fail(ErrorCode::invalid_argument, "Sign in with 'token' or with 'link'.",
                "Give one of the two: an API token, or what follows 'link=' in a sign-in link.");
  }
  return wanted;
}

io::Task<Result<control::Principal>> SignInDoor::who_signs_in(const Wanted& wanted) {
  if (!wanted.token.empty()) {
    co_return co_await authenticate(runtime_, context_.control, wanted.token);
  }
  co_return co_await runtime_.run_blocking(
      [&] { return context_.control.sign_ins().owner_of_link(wanted.link); });
}

// Blocks. The event of the log stands in the environment of the API token.
Result<json::Value> SignInDoor::begin(const Wanted& wanted, const control::Principal& principal,
                                      const http::Request& request, std::string& secret) {
  control::SignIns& sign_ins = context_.control.sign_ins();
  const auto make = [&]() -> Result<json::Value> {
    const auto begun =
        wanted.link.empty() ? sign_ins.begin(principal) : sign_ins.begin_by_link(wanted.link);
    if (!begun) return std::unexpected(begun.error());
    const auto row = context_.control.own_token(begun->signed_in.principal);
    if (!row) return std::unexpected(row.error());
    secret = begun->secret.reveal();
    return view(begun->signed_in.session, *row);
  };
  if (!context_.log.journal) return make();
  return audit::make_recorded<json::Value>(
      *context_.log.journal,
      {.environment_id = principal.environment_id,
       .account_id = {},
       .server_id = {},
       .api_token_id = principal.token_id,
       .member = {},
       .client = {},
       .client_version = {},
       .session_id = {},
       .approved_by = {},
       .operation = "signIn",
       .request_id = request.id,
       .target = wanted.link.empty() ? "/session" : "/session by link"},
      false, make, [](const json::Value& made) { return std::string(made.string_or("id", "")); });
}

io::Task<http::Response> SignInDoor::answer(const Operation& operation,
                                            const http::Request& request,
                                            const http::PathParameters& path) {
  if (is_of_another_origin(request, context_.public_url)) {
    co_return error_response({ErrorCode::permission_denied, "A page of another origin sent this.",
                              "Sign in on this server's own page."});
  }
  const auto checked = read_request(operation, {}, request, path);
  if (!checked) co_return error_response(checked.error().status, checked.error().error);
  const auto wanted = read(checked->body);
  if (!wanted) co_return error_response(wanted.error());

  const std::string network = http::network_of(request.peer);
  if (const auto wait = attempts_.begin(network, context_.control.clock().now())) {
    if (refused_) refused_(401, request.peer, operation.words.id);
    http::Response response =
        error_response({ErrorCode::rate_limited, "Too many attempts to sign in have failed.",
                        "Wait for a minute, then try again."});
    response.headers.set("Retry-After", std::to_string(wait->count()));
    co_return response;
  }
  const auto principal = co_await who_signs_in(*wanted);
  const bool failed = !principal && principal.error().code == ErrorCode::unauthenticated;
  if (!failed) attempts_.take_back(network);
  if (!principal) {
    if (failed && refused_) refused_(401, request.peer, operation.words.id);
    co_return error_response(principal.error());
  }
  if (principal->scope.scope == control::Scope::mcp) {
    co_return error_response(
        {ErrorCode::permission_denied,
         "This API token is a second factor of MCP servers (scope 'mcp') and opens nothing here.",
         "Use an API token with another scope."});
  }
  std::string secret;
  const auto made =
      co_await runtime_.run_blocking([&] { return begin(*wanted, *principal, request, secret); });
  if (!made) co_return error_response(made.error());
  http::Response response = json_response(operation.success.status, *made);
  response.headers.add("Set-Cookie", set_cookie(secret, is_secure(request, context_.public_url)));
  co_return response;
}

}  // namespace patchbay::admin
