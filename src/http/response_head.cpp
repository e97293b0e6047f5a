#include "http/response_head.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>

#include "base/text.h"
#include "http/status.h"

namespace patchbay::http {

namespace {

bool is_servers_own(std::string_view name) {
  static constexpr std::array<std::string_view, 7> kOwn = {
      "Connection",   "Content-Length",   "Date", "Keep-Alive", "Server",
      "X-Request-Id", "Transfer-Encoding"};
  return std::ranges::any_of(kOwn, [&](std::string_view own) {
    return own.size() == name.size() && equal_ignoring_case(own, name);
  });
}

void append_clean(std::string& out, std::string_view text) {
  bool clean = std::ranges::none_of(
      text, [](char c) { return (static_cast<unsigned char>(c) < ' ' && c != '\t') || c == 0x7f; });
  if (clean) {
    out.append(text);
    return;
  }
  for (char c : text) {
    bool control = static_cast<unsigned char>(c) < ' ' || c == 0x7f;
    out.push_back(control ? ' ' : c);
  }
}

void append_number(std::string& out, std::size_t number) {
  std::array<char, 24> digits;
  auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), number);
  out.append(digits.data(), end);
}

}  // namespace

std::string_view http_date() {
  struct Cache {
    std::time_t second = 0;
    std::array<char, 32> text;
    std::size_t size = 0;
  };
  thread_local Cache cache;
  std::time_t now = std::time(nullptr);
  if (now != cache.second) {
    std::tm utc{};
    ::gmtime_r(&now, &utc);
    cache.size =
        std::strftime(cache.text.data(), cache.text.size(), "%a, %d %b %Y %H:%M:%S GMT", &utc);
    cache.second = now;
  }
  return {cache.text.data(), cache.size};
}

void append_head(std::string& out, const Response& response, const HeadFacts& facts) {
  out.append("HTTP/1.1 ");
  append_number(out, static_cast<std::size_t>(response.status));
  out.append(" ").append(reason_of(response.status)).append("\r\n");
  for (auto [name, value] : response.headers) {
    if (is_servers_own(name)) continue;
    append_clean(out, name);
    out.append(": ");
    append_clean(out, value);
    out.append("\r\n");
  }
  if (facts.framing == Framing::length) {
    out.append("Content-Length: ");
    append_number(out, facts.length);
    out.append("\r\n");
  } else if (facts.framing == Framing::chunked) {
    out.append("Transfer-Encoding: chunked\r\n");
  }
  out.append("Date: ").append(http_date()).append("\r\nServer: ").append(facts.server_name);
  if (!facts.request_id.empty()) out.append("\r\nX-Request-Id: ").append(facts.request_id);
  if (!facts.keep_alive) {
    out.append("\r\nConnection: close");
  } else if (!facts.http_11) {
    out.append("\r\nConnection: keep-alive");
  }
  out.append("\r\n\r\n");
}

std::string error_body(std::string_view code, std::string_view message) {
  std::string body = R"({"error":{"code":")";
  body.append(code).append(R"(","message":")").append(message).append(R"("}})");
  return body;
}

}  // namespace patchbay::http
