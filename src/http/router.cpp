#include "http/router.h"

#include <cassert>

#include "base/text.h"
#include "http/url.h"

namespace patchbay::http {

namespace {

std::vector<std::string> segments_of(std::string_view path) {
  if (path.starts_with('/')) path.remove_prefix(1);
  if (path.ends_with('/')) path.remove_suffix(1);
  std::vector<std::string> segments;
  if (path.empty()) return segments;
  for (std::string_view segment : split(path, '/')) segments.emplace_back(segment);
  return segments;
}

io::Task<Response> plain_answer(int status, std::string_view code, std::string_view message) {
  std::string body = R"({"error":{"code":")";
  body.append(code).append(R"(","message":")").append(message).append(R"("}})");
  co_return Response::json(status, std::move(body));
}

}  // namespace

std::string_view PathParameters::operator[](std::string_view name) const {
  for (const auto& [known, value] : values_) {
    if (known == name) return value;
  }
  assert(false && "the pattern has no such parameter");
  return {};
}

void PathParameters::add(std::string_view name, std::string value) {
  values_.emplace_back(name, std::move(value));
}

void Router::add(Method method, std::string_view pattern, RouteHandler handler) {
  assert(pattern.starts_with('/'));
  routes_.push_back({method, std::string(pattern), std::move(handler)});
  compiled_.push_back(segments_of(pattern));
}

void Router::on_not_found(Handler handler) {
  not_found_ = std::move(handler);
}

void Router::on_method_not_allowed(Handler handler) {
  method_not_allowed_ = std::move(handler);
}

bool Router::matches(std::size_t route, std::span<const std::string_view> path) const {
  const auto& pattern = compiled_[route];
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i].starts_with('*')) return true;
    if (i == path.size()) return false;
    if (!pattern[i].starts_with(':') && pattern[i] != path[i]) return false;
    if (path[i].empty()) return false;
  }
  return pattern.size() == path.size();
}

std::optional<PathParameters> Router::parameters(std::size_t route,
                                                 std::span<const std::string_view> path) const {
  PathParameters parameters;
  const auto& pattern = compiled_[route];
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    std::string_view name = pattern[i];
    if (name.starts_with('*')) {
      std::string_view rest;
      if (i < path.size()) rest = {path[i].data(), path.back().data() + path.back().size()};
      auto decoded = percent_decode(rest, false);
      if (!decoded) return std::nullopt;
      parameters.add(name.substr(1), std::move(*decoded));
      break;
    }
    if (!name.starts_with(':')) continue;
    auto decoded = percent_decode(path[i], false);
    if (!decoded) return std::nullopt;
    parameters.add(name.substr(1), std::move(*decoded));
  }
  return parameters;
}

io::Task<Response> Router::operator()(Request& request) const {
  std::string_view path = request.path;
  if (path.starts_with('/')) path.remove_prefix(1);
  if (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  std::vector<std::string_view> segments;
  if (!path.empty()) segments = split(path, '/');

  std::size_t chosen = routes_.size();
  std::string allowed;
  for (std::size_t i = 0; i < routes_.size() && chosen == routes_.size(); ++i) {
    if (!matches(i, segments)) continue;
    Method method = routes_[i].method;
    if (method == request.method) chosen = i;
    if (allowed.find(to_string(method)) == std::string::npos) {
      allowed.append(allowed.empty() ? "" : ", ").append(to_string(method));
      if (method == Method::get) allowed.append(", HEAD");
    }
  }
  if (chosen == routes_.size() && request.method == Method::head) {
    for (std::size_t i = 0; i < routes_.size() && chosen == routes_.size(); ++i) {
      if (routes_[i].method == Method::get && matches(i, segments)) chosen = i;
    }
  }
  if (chosen < routes_.size()) {
    if (auto found = parameters(chosen, segments)) {
      PathParameters named = std::move(*found);
      co_return co_await routes_[chosen].handler(request, named);
    }
  } else if (!allowed.empty()) {
    Response response = method_not_allowed_ ? co_await method_not_allowed_(request)
                                            : co_await plain_answer(405, "method_not_allowed",
                                                                    "This path has other methods.");
    response.headers.set("Allow", allowed);
    co_return response;
  }
  if (not_found_) co_return co_await not_found_(request);
  co_return co_await plain_answer(404, "not_found", "There is nothing at this path.");
}

}  // namespace patchbay::http
