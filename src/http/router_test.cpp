#include "http/router.h"

#include <doctest/doctest.h>

#include "io/runtime.h"

namespace patchbay::http {

namespace {

RouteHandler named(std::string name) {
  return [name](Request&, const PathParameters& parameters) -> io::Task<Response> {
    std::string body = name;
    for (std::string_view parameter : {"id", "mcp_id", "rest"}) {
      if (name.find(parameter) != std::string::npos) {
        body.append("|").append(parameters[parameter]);
      }
    }
    co_return Response::text(200, body);
  };
}

struct Setup {
  Setup() {
    runtime.start();
    router.add(Method::get, "/", named("root"));
    router.add(Method::get, "/a", named("list"));
    router.add(Method::post, "/a", named("create"));
    router.add(Method::get, "/a/new", named("new"));
    router.add(Method::get, "/a/:id", named("get id"));
    router.add(Method::delete_, "/a/:id", named("delete id"));
    router.add(Method::get, "/a/:id/mcp/:mcp_id", named("id mcp_id"));
    router.add(Method::get, "/files/*rest", named("rest"));
  }

  Response ask(Method method, std::string_view path) {
    Request request;
    request.method = method;
    request.target = request.path = path;
    Response response;
    runtime.run(runtime.loop(0), [&]() -> io::Task<> { response = co_await router(request); });
    return response;
  }
  std::string get(std::string_view path) {
    Response response = ask(Method::get, path);
    return response.status == 200 ? response.head : std::to_string(response.status);
  }

  io::Runtime runtime{{.loops = 1}};
  Router router;
};

}  // namespace

TEST_CASE("paths find their handlers, and parameters are decoded") {
  Setup setup;
  CHECK(setup.get("/") == "root");
  CHECK(setup.get("/a") == "list");
  CHECK(setup.get("/a/") == "list");
  CHECK(setup.get("/a/7") == "get id|7");
  CHECK(setup.get("/a/x%2Fy%20z") == "get id|x/y z");
  CHECK(setup.get("/a/7/mcp/8") == "id mcp_id|7|8");
  CHECK(setup.get("/files/css/site.css") == "rest|css/site.css");
  CHECK(setup.get("/files") == "rest|");
}

TEST_CASE("the first route that was added wins") {
  Setup setup;
  CHECK(setup.get("/a/new") == "new");
}

TEST_CASE("paths that nobody has are not found") {
  Setup setup;
  for (std::string_view path : {"/b", "/A", "/a/7/8", "/a/7/mcp", "//", "/a//", "/a//mcp/8",
                                "/a/%zz", "/a/%00", "/a/7/mcp/8/9"}) {
    CAPTURE(path);
    CHECK(setup.get(path) == "404");
  }
}

TEST_CASE("a known path with another method is told which there are") {
  Setup setup;
  Response response = setup.ask(Method::put, "/a");
  CHECK(response.status == 405);
  CHECK(response.headers.find("Allow") == "GET, HEAD, POST");
  CHECK(setup.ask(Method::post, "/a/7").headers.find("Allow") == "GET, HEAD, DELETE");
  CHECK(setup.ask(Method::head, "/a/7").status == 200);
}

TEST_CASE("what answers for unknown paths and methods can be chosen") {
  Setup setup;
  setup.router.on_not_found(
      [](Request&) -> io::Task<Response> { co_return Response::text(404, "mine"); });
  setup.router.on_method_not_allowed(
      [](Request&) -> io::Task<Response> { co_return Response::text(405, "mine too"); });
  CHECK(setup.ask(Method::get, "/b").head == "mine");
  Response response = setup.ask(Method::put, "/a");
  CHECK(response.head == "mine too");
  CHECK(response.headers.find("Allow") == "GET, HEAD, POST");
}

}  // namespace patchbay::http
