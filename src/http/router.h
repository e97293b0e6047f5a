// Method and path to handler. Patterns: "/integrated-account/:id/mcp/:mcp_id"; a last segment
// "*rest" takes all that follows.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.h"

namespace patchbay::http {

// The decoded values of a pattern's ":name"s.
class PathParameters {
 public:
  // Asserts that the pattern has it. A "*rest" is empty when nothing follows.
  std::string_view operator[](std::string_view name) const;
  void add(std::string_view name, std::string value);

 private:
  std::vector<std::pair<std::string, std::string>> values_;
};

using RouteHandler = std::function<io::Task<Response>(Request&, const PathParameters&)>;

class Router {
 public:
  void add(Method method, std::string_view pattern, RouteHandler handler);
  // What answers when no path matches (404), and when a path matches but not the method (405; the
  // Allow header is set by the router).
  void on_not_found(Handler handler);
  void on_method_not_allowed(Handler handler);

  // The first route that was added wins. A trailing slash is tolerated. HEAD is answered by GET
  // without its body. A broken percent escape in a parameter counts as not found.
  io::Task<Response> operator()(Request& request) const;

  struct Route {
    Method method;
    std::string pattern;
    RouteHandler handler;
  };
  const std::vector<Route>& routes() const { return routes_; }

 private:
  bool matches(std::size_t route, std::span<const std::string_view> path) const;
  std::optional<PathParameters> parameters(std::size_t route,
                                           std::span<const std::string_view> path) const;

  std::vector<Route> routes_;
  std::vector<std::vector<std::string>> compiled_;  // the patterns' segments
  Handler not_found_;
  Handler method_not_allowed_;
};

}  // namespace patchbay::http
