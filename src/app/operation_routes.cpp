#include "app/operation_routes.h"

#include <utility>

#include <fmt/format.h>

#include "app/version.h"

namespace patchbay::app {
namespace {

// A shared database is heard twice a second.
constexpr std::chrono::seconds kLongSilence{2};

constexpr std::string_view kFrontPage = R"(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Patchbay</title>
<style>
:root {{ color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }}
body {{ max-width: 40rem; margin: 12vh auto; padding: 0 1.25rem; }}
h1 {{ font-size: 1.6rem; margin-bottom: .25rem; }}
p.lead {{ margin-top: 0; opacity: .75; }}
code {{ font: .9em ui-monospace, monospace; padding: .1em .35em; border-radius: .3em;
  background: color-mix(in srgb, currentColor 10%, transparent); }}
li {{ margin: .35rem 0; }}
</style>
</head>
<body>
<main>
<h1>Patchbay is running</h1>
<p class="lead">Version {}. It turns a SaaS API into MCP servers.</p>
<ul>
<li>An AI client opens an MCP URL: <code>/mcp/&lt;token&gt;</code></li>
<li>The admin API takes <code>Authorization: Bearer &lt;API token&gt;</code>; start with
<code>GET /integrated-account</code>. Its description: <a href="/openapi.json">/openapi.json</a></li>
<li>Health: <a href="/healthz">/healthz</a> and <a href="/readyz">/readyz</a></li>
</ul>
</main>
</body>
</html>
)";

io::Task<http::Response> ok(http::Request&, const http::PathParameters&) {
  co_return http::Response::json(200, R"({"status":"ok"})");
}

// Load balancers go by the status: a server that may not serve is not sent to.
io::Task<http::Response> ready(Health health) {
  const bool silent = health.unconfirmed > kLongSilence;
  if (health.altered_rows == 0 && !silent && health.serves) {
    co_return http::Response::json(200, R"({"status":"ok"})");
  }
  std::string body = fmt::format(R"({{"status":"{}")", health.serves ? "degraded" : "unavailable");
  if (health.altered_rows > 0) body += fmt::format(R"(,"altered_rows":{})", health.altered_rows);
  if (silent || !health.serves) {
    body +=
        fmt::format(R"(,"database_silent_seconds":{})",
                    std::chrono::duration_cast<std::chrono::seconds>(health.unconfirmed).count());
  }
  co_return http::Response::json(health.serves ? 200 : 503, body + "}");
}

bool wants_a_page(const http::Request& request) {
  return request.headers.find("Accept").value_or("").contains("text/html");
}

io::Task<http::Response> front_page(bool has_dashboard, const http::Request& request) {
  if (has_dashboard && wants_a_page(request)) {
    http::Response response;
    response.status = 302;
    response.headers.set("Location", "/dashboard/");
    response.headers.set("Vary", "Accept");
    response.headers.set("Cache-Control", "no-store");
    co_return response;
  }
  auto page = http::Response::html(200, fmt::format(kFrontPage, kVersion));
  page.headers.set("Content-Security-Policy",
                   "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
  page.headers.set("Referrer-Policy", "no-referrer");
  page.headers.set("X-Content-Type-Options", "nosniff");
  co_return page;
}

}  // namespace

void add_operation_routes(http::Router& router, bool has_dashboard,
                          std::function<Health()> health) {
  router.add(http::Method::get, "/",
             [has_dashboard](http::Request& request, const http::PathParameters&) {
               return front_page(has_dashboard, request);
             });
  router.add(http::Method::get, "/healthz", ok);
  router.add(http::Method::get, "/readyz",
             [health = std::move(health)](http::Request&, const http::PathParameters&) {
               return ready(health());
             });
}

}  // namespace patchbay::app
