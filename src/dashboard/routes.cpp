#include "dashboard/routes.h"

#include <array>
#include <string>

#include "base/text.h"

namespace patchbay::dashboard {
namespace {

// Where a name tells by its hash that what it names never changes.
constexpr std::string_view kHashed = "assets/";

constexpr std::string_view kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; "
    "form-action 'self'";

struct MediaType {
  std::string_view ending;
  std::string_view type;
};
constexpr std::array kMediaTypes{
    MediaType{".html", "text/html; charset=utf-8"},
    MediaType{".js", "text/javascript; charset=utf-8"},
    MediaType{".css", "text/css; charset=utf-8"},
    MediaType{".svg", "image/svg+xml"},
    MediaType{".png", "image/png"},
    MediaType{".ico", "image/x-icon"},
    MediaType{".woff2", "font/woff2"},
    MediaType{".json", "application/json"},
    MediaType{".txt", "text/plain; charset=utf-8"},
};

std::string_view media_type_of(std::string_view path) {
  for (const MediaType& known : kMediaTypes) {
    if (path.ends_with(known.ending)) return known.type;
  }
  return "application/octet-stream";
}

// "gzip;q=0" means that it is not taken (RFC 9110 section 12.5.3); more than that nobody weighs.
bool takes(const http::Request& request, std::string_view coding) {
  for (const std::string_view field : request.headers.find_all("Accept-Encoding")) {
    for (const std::string_view one : split(field, ',')) {
      const auto parts = split(one, ';');
      if (!equal_ignoring_case(trim(parts.front()), coding)) continue;
      const std::string_view weight = parts.size() > 1 ? trim(parts[1]) : std::string_view("q=1");
      return weight.find_first_of("123456789") != std::string_view::npos;
    }
  }
  return false;
}

bool names(const http::Request& request, std::string_view etag) {
  for (const std::string_view field : request.headers.find_all("If-None-Match")) {
    for (const std::string_view one : split(field, ',')) {
      std::string_view tag = trim(one);
      if (tag == "*") return true;
      if (tag.starts_with("W/")) tag.remove_prefix(2);
      if (tag == etag) return true;
    }
  }
  return false;
}

void add_safe_headers(http::Response& response) {
  response.headers.set("Content-Security-Policy", kPolicy);
  response.headers.set("X-Content-Type-Options", "nosniff");
  response.headers.set("Referrer-Policy", "no-referrer");
  response.headers.set("Cross-Origin-Opener-Policy", "same-origin");
  response.headers.set("Cross-Origin-Resource-Policy", "same-origin");
}

http::Response send(const http::Request& request, std::string_view path, const File& file) {
  const Form* form = &file.identity;
  std::string_view coding;
  if (file.brotli && takes(request, "br")) {
    form = &*file.brotli;
    coding = "br";
  } else if (file.gzip && takes(request, "gzip")) {
    form = &*file.gzip;
    coding = "gzip";
  }
  const std::string etag = "\"" + std::string(form->etag) + "\"";
  http::Response response;
  add_safe_headers(response);
  response.headers.set("Cache-Control", path.starts_with(kHashed)
                                            ? "public, max-age=31536000, immutable"
                                            : "no-cache");
  response.headers.set("ETag", etag);
  response.headers.set("Vary", "Accept-Encoding");
  if (names(request, etag)) {
    response.status = 304;
    return response;
  }
  response.headers.set("Content-Type", media_type_of(path));
  if (!coding.empty()) response.headers.set("Content-Encoding", coding);
  response.head = form->bytes;
  return response;
}

http::Response without_pages() {
  http::Response response = http::Response::html(
      404,
      "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Patchbay</title>"
      "<h1>This build has no dashboard</h1><p>It was configured with PATCHBAY_DASHBOARD=OFF. The "
      "admin API is there: <a href=\"/openapi.json\">/openapi.json</a></p></html>\n");
  add_safe_headers(response);
  response.headers.set("Cache-Control", "no-store");
  return response;
}

http::Response to_folder() {
  http::Response response;
  response.status = 308;
  response.headers.set("Location", "/dashboard/");
  add_safe_headers(response);
  return response;
}

io::Task<http::Response> serve(const Pages& pages, const http::Request& request, std::string path) {
  if (pages.empty()) co_return without_pages();
  if (request.path == "/dashboard") co_return to_folder();
  if (const File* const file = pages.find(path)) co_return send(request, path, *file);
  // A file of another version, which a page that is still open asks for: it must not get a page
  // where it expects a script.
  if (path.starts_with(kHashed)) {
    http::Response response = http::Response::text(404, "There is no such file any more.\n");
    add_safe_headers(response);
    response.headers.set("Cache-Control", "no-store");
    co_return response;
  }
  co_return send(request, "index.html", *pages.find("index.html"));
}

}  // namespace

void add_routes(http::Router& router, const Pages& pages) {
  router.add(http::Method::get, "/dashboard/*path",
             [&pages](http::Request& request, const http::PathParameters& parameters) {
               return serve(pages, request, std::string(parameters["path"]));
             });
}

}  // namespace patchbay::dashboard
