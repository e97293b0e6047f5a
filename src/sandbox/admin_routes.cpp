// /_sandbox/*: the sandbox's own switches, behind the same Basic credentials as the API.
//
//   GET   /_sandbox/config     the settings
//   PATCH /_sandbox/config     changes those that the JSON object names
//   POST  /_sandbox/reset      data, log, limits, keys and faults as at the start; settings stay
//   GET   /_sandbox/requests   what was asked, newest first (?limit=100), and how much is in flight
//   DELETE /_sandbox/requests  forgets them
//   POST  /_sandbox/faults     the next requests go wrong: see InjectedFault in faults.h
//   POST  /_sandbox/keys       keys of one more member: {"member": "jdoe", "public_key": …,
//                              "private_key": …}; what is written with them is that member's
//   DELETE /_sandbox/keys      takes one pair back (?public_key=), or all of them
//   GET   /_sandbox/callbacks  what became of callbacks (sandbox.cpp; not without sockets)
//   DELETE /_sandbox/faults    no more of that; requests that hang are answered
#include <algorithm>

#include "base/text.h"
#include "json/parse.h"
#include "json/write.h"
#include "sandbox/auth.h"
#include "sandbox/engine.h"

namespace patchbay::sandbox {
namespace {

http::Response refusal(int status, std::string_view message) {
  return http::Response::json(status, json::to_string(json::Object{{"error", message}}));
}

http::Response bad_request(const Error& error) {
  return refusal(400, error.hint.empty() ? error.message : error.message + " " + error.hint);
}

http::Response no_content() {
  http::Response response;
  response.status = 204;
  return response;
}

}  // namespace

http::Response Engine::answer_keys(const http::Request& request) {
  if (request.method == http::Method::delete_) {
    const auto query = Query::parse(request.query);
    const std::string key = query ? std::string(query->get("public_key")) : std::string();
    std::erase_if(member_keys_,
                  [&](const MemberKeys& keys) { return key.empty() || keys.public_key == key; });
    return no_content();
  }
  if (request.method != http::Method::post) return refusal(405, "POST or DELETE.");
  const auto body = json::parse(request.body);
  if (!body) return bad_request(body.error());
  MemberKeys keys{.member = std::string(body->string_or("member", "")),
                  .public_key = std::string(body->string_or("public_key", "")),
                  .private_key = std::string(body->string_or("private_key", ""))};
  if (db_->table("members").find_by("identifier", keys.member) == nullptr) {
    return refusal(400, "'member' must be the identifier of a member.");
  }
  if (keys.public_key.empty() || keys.private_key.empty() || keys.public_key.contains(':')) {
    return refusal(400, "'public_key' and 'private_key' must be texts; no ':' in the first.");
  }
  std::erase_if(member_keys_,
                [&](const MemberKeys& known) { return known.public_key == keys.public_key; });
  member_keys_.push_back(std::move(keys));
  return no_content();
}

http::Response Engine::answer_admin(const http::Request& request, std::string_view path) {
  if (!has_credentials(request, options_)) return refusal(401, "Sign in as to the API.");
  const http::Method method = request.method;
  if (path == "/config" && method == http::Method::get) {
    return http::Response::json(200, json::to_string(to_json(settings_)));
  }
  if (path == "/config" && method == http::Method::patch) {
    const auto body = json::parse(request.body);
    if (!body) return bad_request(body.error());
    if (auto done = apply_json(settings_, *body); !done) return bad_request(done.error());
    limiter_.reset();
    return http::Response::json(200, json::to_string(to_json(settings_)));
  }
  if (path == "/reset" && method == http::Method::post) {
    seed();
    faults_.clear();
    limiter_.reset();
    log_.clear();
    return no_content();
  }
  if (path == "/requests" && method == http::Method::get) {
    const auto query = Query::parse(request.query);
    const auto limit = query ? parse_int64(query->get("limit")) : std::nullopt;
    const std::int64_t wanted = std::clamp<std::int64_t>(limit.value_or(100), 0, 1000);
    return http::Response::json(200,
                                json::to_string(log_.to_json(static_cast<std::size_t>(wanted))));
  }
  if (path == "/requests" && method == http::Method::delete_) {
    log_.clear();
    return no_content();
  }
  if (path == "/keys") return answer_keys(request);
  if (path == "/faults" && method == http::Method::post) {
    const auto body = json::parse(request.body);
    if (!body) return bad_request(body.error());
    auto fault = read_fault(*body);
    if (!fault) return bad_request(fault.error());
    faults_.add(std::move(*fault));
    return http::Response::json(201, json::to_string(json::Object{{"pending", faults_.pending()}}));
  }
  if (path == "/faults" && method == http::Method::delete_) {
    faults_.clear();
    return no_content();
  }
  return refusal(404, "The sandbox has: config, reset, requests, keys, faults, callbacks.");
}

}  // namespace patchbay::sandbox
