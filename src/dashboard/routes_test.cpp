#include "dashboard/routes.h"

#include <doctest/doctest.h>

#include "base/text.h"
#include "io/runtime.h"

namespace patchbay::dashboard {
namespace {

constexpr std::string_view kPack =
    "patchbay-pages 1\n"
    "assets/app-1a2b.js\tidentity\taa\t7\n"
    "assets/app-1a2b.js\tbr\taa-br\t3\n"
    "assets/app-1a2b.js\tgzip\taa-gzip\t4\n"
    "icon.svg\tidentity\tcc\t6\n"
    "index.html\tidentity\tbb\t6\n"
    "\n"
    "plainJSbr!gzip<svg/><html>";

struct Asked {
  std::string target;
  std::vector<std::pair<std::string, std::string>> headers = {};
};

class Door {
 public:
  explicit Door(std::string_view pack = kPack) : pages_(Pages::read(pack).value()) {
    add_routes(router_, pages_);
    router_.on_not_found([](http::Request&) -> io::Task<http::Response> {
      co_return http::Response::text(404, "elsewhere");
    });
    runtime_.start();
  }
  ~Door() { runtime_.stop(); }

  http::Response operator()(const Asked& asked) {
    http::Request request;
    request.target = asked.target;
    request.path = request.target;
    for (const auto& [name, value] : asked.headers) request.headers.add(name, value);
    http::Response response;
    runtime_.run(runtime_.loop(0), [&]() -> io::Task<> { response = co_await router_(request); });
    return response;
  }

 private:
  const Pages pages_;
  io::Runtime runtime_{{.loops = 1, .blocking_threads = 1}};
  http::Router router_;
};

TEST_CASE("A file comes in the best form that the browser takes, and each form has its own tag") {
  Door door;
  const auto of = [&](std::string accepted) {
    return door({"/dashboard/assets/app-1a2b.js", {{"Accept-Encoding", std::move(accepted)}}});
  };
  const http::Response best = of("gzip, deflate, br, zstd");
  CHECK(best.status == 200);
  CHECK(best.head == "br!");
  CHECK(best.headers.find("Content-Encoding") == "br");
  CHECK(best.headers.find("Content-Type") == "text/javascript; charset=utf-8");
  CHECK(best.headers.find("ETag") == "\"aa-br\"");
  CHECK(best.headers.find("Vary") == "Accept-Encoding");
  CHECK(of("gzip").head == "gzip");
  CHECK(of("br;q=0, gzip;q=0.5").head == "gzip");
  const http::Response plain = of("identity");
  CHECK(plain.head == "plainJS");
  CHECK_FALSE(plain.headers.find("Content-Encoding"));
}

TEST_CASE("What has its hash in its name is kept for ever, the page is asked for again each time") {
  Door door;
  const http::Response script = door({"/dashboard/assets/app-1a2b.js"});
  CHECK(script.headers.find("Cache-Control") == "public, max-age=31536000, immutable");
  const http::Response page = door({"/dashboard/"});
  CHECK(page.head == "<html>");
  CHECK(page.headers.find("Cache-Control") == "no-cache");
  for (const char* const known : {"\"bb\"", "W/\"bb\"", "\"x\", \"bb\"", "*"}) {
    const http::Response same = door({"/dashboard/", {{"If-None-Match", known}}});
    CHECK(same.status == 304);
    CHECK(same.head.empty());
    CHECK(same.headers.find("ETag") == "\"bb\"");
  }
  CHECK(door({"/dashboard/", {{"If-None-Match", "\"aa\""}}}).status == 200);
}

TEST_CASE("Deep links give the page; a script of another version gives none") {
  Door door;
  for (const char* const path : {"/dashboard/accounts", "/dashboard/accounts/acc_1/servers/mcp_1",
                                 "/dashboard/sign-in", "/dashboard/..%2fetc"}) {
    const http::Response page = door({path});
    CHECK(page.status == 200);
    CHECK(page.head == "<html>");
    CHECK(page.headers.find("Content-Type") == "text/html; charset=utf-8");
  }
  CHECK(door({"/dashboard/icon.svg"}).headers.find("Content-Type") == "image/svg+xml");
  const http::Response gone = door({"/dashboard/assets/app-0000.js"});
  CHECK(gone.status == 404);
  CHECK(gone.headers.find("Cache-Control") == "no-store");
  const http::Response folder = door({"/dashboard"});
  CHECK(folder.status == 308);
  CHECK(folder.headers.find("Location") == "/dashboard/");
  CHECK(door({"/dashboards"}).head == "elsewhere");
}

TEST_CASE("Nothing runs in the pages but what this server sends, and nobody frames them") {
  Door door;
  for (const char* const path : {"/dashboard/", "/dashboard/assets/app-1a2b.js", "/dashboard/x",
                                 "/dashboard/assets/none.js", "/dashboard"}) {
    const http::Response response = door({path});
    const std::string policy(response.headers.find("Content-Security-Policy").value_or(""));
    CHECK(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"));
    CHECK(policy.contains("frame-ancestors 'none'"));
    CHECK_FALSE(policy.contains("unsafe"));
    CHECK(response.headers.find("X-Content-Type-Options") == "nosniff");
    CHECK(response.headers.find("Referrer-Policy") == "no-referrer");
  }
}

TEST_CASE("A build without pages says so") {
  Door door("");
  const http::Response response = door({"/dashboard/"});
  CHECK(response.status == 404);
  CHECK(response.head.contains("no dashboard"));
}

TEST_CASE("What is no pack is refused as a whole") {
  CHECK(Pages::read("")->empty());
  for (const std::string_view pack :
       {"patchbay-pages 1\n", "patchbay-pages 2\n\n", "patchbay-pages 1\nx\tidentity\ta\t1\n\nx",
        "patchbay-pages 1\nindex.html\tidentity\ta\t5\n\nx",
        "patchbay-pages 1\nindex.html\tidentity\ta\t1\n\nxy",
        "patchbay-pages 1\nindex.html\tzip\ta\t1\n\nx",
        "patchbay-pages 1\nindex.html\tgzip\ta\t1\n\nx",
        "patchbay-pages 1\nindex.html\tidentity\t1\n\nx"}) {
    CAPTURE(pack);
    CHECK_FALSE(Pages::read(pack));
  }
}

// Of the build that runs this: its page needs nothing from elsewhere, and finds its scripts.
TEST_CASE("The page that is built in names files that are there, and no inline script or style") {
  const Pages& pages = built_in_pages();
  if (pages.empty()) return;  // configured without
  const std::string_view page = pages.find("index.html")->identity.bytes;
  CHECK_FALSE(page.contains("<style"));
  for (const char* const elsewhere : {"=\"http", "=\"//", "url(", "@import"}) {
    CHECK_FALSE(page.contains(elsewhere));
  }
  std::size_t scripts = 0;
  for (std::size_t at = page.find("<script"); at != std::string_view::npos;
       at = page.find("<script", at + 1)) {
    ++scripts;
    const std::string_view tag = page.substr(at, page.find('>', at) - at);
    const auto source = tag.find("src=\"/dashboard/");
    REQUIRE(source != std::string_view::npos);
    const std::string_view path = tag.substr(source + 16, tag.find('"', source + 16) - source - 16);
    CAPTURE(path);
    const File* const file = pages.find(path);
    REQUIRE(file != nullptr);
    CHECK(file->gzip);
    CHECK(file->brotli);
  }
  CHECK(scripts > 0);
}

}  // namespace
}  // namespace patchbay::dashboard
