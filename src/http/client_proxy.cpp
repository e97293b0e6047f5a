// The way through a proxy.
#include <array>

#include "http/client_exchange.h"

namespace patchbay::http {

namespace {

std::string authority_of(const Origin& origin) {
  const bool is_v6 = origin.host.find(':') != std::string::npos;
  return (is_v6 ? "[" + origin.host + "]" : origin.host) + ":" + std::to_string(origin.port);
}

}  // namespace

const Origin& ClientExchange::peer() const {
  return request_.proxy ? request_.proxy->origin : request_.origin;
}

// What stands before the path where a proxy has to be told whom it is for (RFC 9112 section 3.2.2).
std::string ClientExchange::address_for_proxy() const {
  if (!request_.proxy || request_.origin.secure) return {};
  return "http://" + authority_of(request_.origin);
}

// CONNECT (RFC 9110 section 9.3.6): from its answer on, the connection is the origin's.
io::Task<Result<>> ClientExchange::open_tunnel() {
  const std::string authority = authority_of(request_.origin);
  std::string head = "CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n";
  if (!request_.proxy->authorization.empty()) {
    head += "Proxy-Authorization: " + request_.proxy->authorization + "\r\n";
  }
  head += "\r\n";
  std::array<io::Stream::Part, 1> parts{{{head.data(), head.size()}}};
  const std::string who = "The proxy " + authority_of(request_.proxy->origin);
  if (!co_await connection_->stream.write(parts)) {
    co_return fail(ErrorCode::unavailable, who + " closed the connection.");
  }
  connection_->parser.start(Method::head);  // an answer to CONNECT has no body either
  ResponseHead answer;
  for (;;) {
    if (!co_await read_more()) {
      co_return fail(ErrorCode::unavailable, who + " closed the connection.");
    }
    const auto progress = connection_->parser.put_head(unread(), answer);
    connection_->begin += progress.used;
    if (progress.step == ResponseParser::Step::done) break;
    if (progress.step != ResponseParser::Step::need_more) {
      co_return fail(ErrorCode::unavailable, who + " answered with something that is no HTTP.");
    }
  }
  heard_ = false;  // of the origin nothing was heard yet
  if (answer.status >= 200 && answer.status < 300 && connection_->begin == connection_->end) {
    co_return Result<>();
  }
  co_return fail(ErrorCode::unavailable,
                 who + " opens no way to " + authority + " (HTTP status " +
                     std::to_string(answer.status) + ").",
                 answer.status == 407 ? "Put its name and password into the proxy's URL: "
                                        "http://NAME:PASSWORD@HOST:PORT."
                                      : "");
}

}  // namespace patchbay::http
