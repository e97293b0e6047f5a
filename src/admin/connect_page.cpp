#include "admin/connect_page.h"

#include <utility>

#include "admin/plain_page.h"
#include "admin/session_cookie.h"
#include "base/iso8601.h"
#include "base/text.h"
#include "http/url.h"

namespace patchbay::admin {
namespace {

constexpr std::string_view kConnectPath = "/connect/";
constexpr std::string_view kConnectTitle = "Connect an account";
constexpr std::string_view kCookie = "patchbay_connect";

// Only to the way back, and also where another site sends the browser there.
std::string set_connect_cookie(std::string_view value, bool secure) {
  std::string text(kCookie);
  text.append("=").append(value).append("; HttpOnly; SameSite=Lax; Path=").append(kConnectCallback);
  if (secure) text += "; Secure";
  if (value.empty()) text += "; Max-Age=0";
  return text;
}

std::string connect_cookie(const http::Request& request) {
  std::string found;
  for (const std::string_view field : request.headers.find_all("Cookie")) {
    for (const std::string_view pair : split(field, ';')) {
      const std::string_view one = trim(pair);
      const auto equals = one.find('=');
      if (equals != std::string_view::npos && one.substr(0, equals) == kCookie) {
        found = one.substr(equals + 1);
      }
    }
  }
  return found;
}

std::string shown_of(const control::ConnectOffer& offer) {
  std::string body = "<h1>Connect " + escaped(offer.integration_label) + "</h1>\n";
  body += "<p>You were asked to let " + escaped(offer.environment_name) + " use your " +
          escaped(offer.integration_label) +
          ". AI programs that they allow will read it, and change it as far as they allow. You "
          "sign in at " +
          escaped(offer.goes_to) +
          ", which asks you what you agree to; your password is not seen here.</p>\n<dl>";
  add_fact(body, "For", offer.account_name);
  add_fact(body, "Asked by", offer.environment_name);
  add_fact(body, "You will be sent to", offer.goes_to);
  add_fact(body, "This link is valid until", format_utc(offer.until));
  body += "</dl>\n<form method=\"post\"><button type=\"submit\">Continue to " +
          escaped(offer.goes_to) +
          "</button></form>\n<p>If you did not expect this, close the page: nothing has "
          "happened.</p>\n";
  return body;
}

class Pages {
 public:
  Pages(io::Runtime& runtime, control::Connections& connections, std::string public_url,
        ConnectedBy connected)
      : runtime_(runtime),
        connections_(connections),
        public_url_(std::move(public_url)),
        connected_(std::move(connected)) {}

  io::Task<http::Response> show(std::string link) const {
    const auto offer =
        co_await runtime_.run_blocking([this, &link] { return connections_.at_link(link); });
    if (!offer) co_return plain_error_page(kConnectTitle, offer.error());
    co_return plain_page(200, kConnectTitle, shown_of(*offer));
  }

  // By a page that sends the browser on: a redirect in answer to a form is held to where forms of
  // this page may go, and so would be all further ones of the authorization server.
  io::Task<http::Response> begin(std::string link, const http::Request& request) const {
    // A form of another site would lead past the page that says what it is for.
    const auto from = request.headers.find("Sec-Fetch-Site");
    if (from && *from != "same-origin") co_return co_await show(std::move(link));
    const auto begun = co_await runtime_.run_blocking(
        [this, &link] { return connections_.begin(link, redirect_uri()); });
    if (!begun) co_return plain_error_page(kConnectTitle, begun.error());
    const std::string address = escaped(begun->address);
    auto response =
        plain_page(200, kConnectTitle, "<p><a href=\"" + address + "\">Continue</a></p>\n",
                   "<meta http-equiv=\"refresh\" content=\"0; url=" + address + "\">");
    response.headers.add("Set-Cookie",
                         set_connect_cookie(begun->cookie, is_secure(request, public_url_)));
    co_return response;
  }

  io::Task<http::Response> finish(const http::Request& request) const {
    control::Connections::Returned returned{.state = {},
                                            .code = {},
                                            .error = {},
                                            .cookie = connect_cookie(request),
                                            .redirect_uri = redirect_uri()};
    // What cannot be read says nothing, and what says nothing was not begun here.
    if (const auto query = http::parse_query(request.query)) {
      for (const auto& [name, value] : *query) {
        if (!is_valid_utf8(value)) continue;
        if (name == "state") returned.state = value;
        if (name == "code") returned.code = value;
        if (name == "error") returned.error = value;
      }
    }
    const auto done =
        co_await runtime_.run_blocking([this, &returned] { return connections_.finish(returned); });
    auto response = done ? connected_page(*done) : plain_error_page(kConnectTitle, done.error());
    if (!done) co_return response;
    response.headers.add("Set-Cookie", set_connect_cookie("", is_secure(request, public_url_)));
    if (connected_) connected_(done->made_by, "/integrated-account/" + done->account.id);
    co_return response;
  }

 private:
  std::string redirect_uri() const { return public_url_ + std::string(kConnectCallback); }

  static http::Response connected_page(const control::Connections::Connected& done) {
    std::string body = "<h1>" + escaped(done.account.name) +
                       " is connected</h1>\n<p>You can close this page.</p>\n";
    if (!done.remark.empty()) {
      body += "<p>What is left for whoever sent you the link: " + escaped(done.remark) + "</p>\n";
    }
    return plain_page(200, kConnectTitle, body);
  }

  io::Runtime& runtime_;
  control::Connections& connections_;
  const std::string public_url_;
  const ConnectedBy connected_;
};

}  // namespace

void add_connect_pages(http::Router& router, io::Runtime& runtime,
                       control::Connections& connections, std::string public_url,
                       ConnectedBy connected) {
  const auto pages = std::make_shared<const Pages>(runtime, connections, std::move(public_url),
                                                   std::move(connected));
  const std::string pattern = std::string(kConnectPath) + ":link";
  router.add(http::Method::get, pattern, [pages](http::Request&, const http::PathParameters& path) {
    return pages->show(std::string(path["link"]));
  });
  router.add(http::Method::post, pattern,
             [pages](http::Request& request, const http::PathParameters& path) {
               return pages->begin(std::string(path["link"]), request);
             });
  router.add(http::Method::get, std::string(kConnectCallback),
             [pages](http::Request& request, const http::PathParameters&) {
               return pages->finish(request);
             });
}

std::optional<http::BodyVerdict> judge_connect_form(const control::Connections& connections,
                                                    const http::Request& request) {
  if (!request.path.starts_with(kConnectPath)) return std::nullopt;
  if (connections.may_be_link(request.path.substr(kConnectPath.size()))) {
    return http::BodyVerdict{.refused = std::nullopt, .holder = "connect link"};
  }
  return http::BodyVerdict{
      .refused =
          plain_error_page(kConnectTitle, {ErrorCode::not_found, "This link is not valid any more.",
                                           "Ask whoever sent it to you for another one."})};
}

}  // namespace patchbay::admin
