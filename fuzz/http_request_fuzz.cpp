// A request must be read alike however the network cuts it, and what is read must keep the promises
// of http::Request: the first byte says how the rest is cut.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "http/request_parser.h"

namespace {

using patchbay::http::Request;
using patchbay::http::RequestLimits;
using patchbay::http::RequestParser;

struct Outcome {
  bool complete = false;
  bool refused = false;
  std::size_t used = 0;
  std::string target;
  std::string headers;
  std::string body;
};

void check(bool holds) {
  if (!holds) std::abort();
}

void check_promises(const Request& request) {
  check(request.target.starts_with('/'));
  check(std::ranges::all_of(request.target, [](char c) { return c > ' ' && c < 0x7f; }));
  check(request.headers.find_all("Host").size() <= 1);
  check(request.headers.find_all("Content-Length").size() <= 1);
  check(!request.headers.find("Content-Length") || !request.headers.find("Transfer-Encoding"));
  for (auto [name, value] : request.headers) {
    check(!name.empty());
    check(value.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos);
  }
}

Outcome read(std::string_view bytes, std::size_t piece) {
  RequestLimits limits{.max_header_bytes = 2000, .max_headers = 20, .max_body_bytes = 1000};
  Request request;
  RequestParser parser(limits);
  parser.start(request);
  Outcome outcome;
  bool in_head = true;
  std::size_t end = std::min(piece, bytes.size());
  while (!outcome.complete && !outcome.refused) {
    std::string window(bytes.substr(outcome.used, end - outcome.used));
    auto progress = in_head ? parser.put_head(window) : parser.put_chunks(window);
    check(progress.used <= window.size());
    outcome.used += progress.used;
    if (progress.step == RequestParser::Step::refused) {
      check(parser.refusal().status >= 400 && !parser.refusal().code.empty());
      outcome.refused = true;
    } else if (progress.step == RequestParser::Step::head_done) {
      in_head = false;
      if (auto length = parser.content_length()) {
        check(*length <= limits.max_body_bytes);
        outcome.complete = true;  // the connection reads such bodies itself
      }
      continue;
    } else if (progress.step == RequestParser::Step::done) {
      outcome.complete = true;
    } else if (end == bytes.size()) {
      break;
    } else {
      end = std::min(end + piece, bytes.size());
    }
  }
  if (!outcome.complete) return outcome;
  check_promises(request);
  check(request.body.size() <= limits.max_body_bytes);
  outcome.target = request.target;
  for (auto [name, value] : request.headers) outcome.headers.append(name).append(value);
  outcome.body = request.body;
  return outcome;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  Outcome whole = read(bytes, bytes.size() + 1);
  Outcome cut = read(bytes, 1 + data[0] % 32);
  // What is refused in one piece may be unfinished in several, but never the other way round, and
  // never accepted.
  check(whole.complete == cut.complete);
  if (!whole.complete) return 0;
  check(whole.used == cut.used);
  check(whole.target == cut.target);
  check(whole.headers == cut.headers);
  check(whole.body == cut.body);
  return 0;
}
