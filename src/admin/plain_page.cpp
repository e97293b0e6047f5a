#include "admin/plain_page.h"

#include "http/status.h"

namespace patchbay::admin {
namespace {

constexpr std::string_view kHead = R"(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
)";
constexpr std::string_view kStyle = R"(
<style>
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 46rem; margin: 8vh auto; padding: 0 1.25rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.05rem; margin-bottom: .25rem; }
pre { padding: .75rem; border-radius: .4em; overflow-x: auto; white-space: pre-wrap;
  overflow-wrap: anywhere; font: .85em/1.4 ui-monospace, monospace;
  background: color-mix(in srgb, currentColor 8%, transparent); }
dt { opacity: .7; } dd { margin: 0 0 .4rem; }
input[type=text] { width: 100%; font: inherit; padding: .35em; }
button { font: inherit; padding: .45em 1.1em; margin: .8rem .6rem 0 0; }
</style>
)";
constexpr std::string_view kBody = "</head>\n<body><main>\n";
constexpr std::string_view kTail = "</main></body></html>\n";

}  // namespace

std::string escaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view three = text.substr(i, 3);
    const bool turns = three.size() == 3 && ((three >= "\xE2\x80\xAA" && three <= "\xE2\x80\xAE") ||
                                             (three >= "\xE2\x81\xA6" && three <= "\xE2\x81\xA9") ||
                                             three == "\xE2\x80\x8E" || three == "\xE2\x80\x8F");
    if (turns) {
      out += "\xEF\xBF\xBD";
      i += 2;
      continue;
    }
    switch (text[i]) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += text[i];
    }
  }
  return out;
}

void add_fact(std::string& body, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  body += "<dt>";
  body += name;
  body += "</dt><dd>" + escaped(value) + "</dd>\n";
}

http::Response plain_page(int status, std::string_view title, std::string_view body,
                          std::string_view head) {
  std::string text(kHead);
  text.append("<title>").append(escaped(title)).append("</title>").append(head).append(kStyle);
  http::Response response =
      http::Response::html(status, text.append(kBody).append(body).append(kTail));
  response.headers.set("Cache-Control", "no-store");
  response.headers.set("Content-Security-Policy",
                       "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
                       "base-uri 'none'; frame-ancestors 'none'");
  response.headers.set("Referrer-Policy", "no-referrer");
  response.headers.set("X-Content-Type-Options", "nosniff");
  response.headers.set("X-Robots-Tag", "noindex");
  return response;
}

http::Response plain_error_page(std::string_view title, const Error& error) {
  return plain_page(
      http::status_of(error.code), title,
      "<h1>" + escaped(error.message) + "</h1>\n<p>" + escaped(error.hint) + "</p>\n");
}

}  // namespace patchbay::admin
