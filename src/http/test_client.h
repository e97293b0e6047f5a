// What tests of the client share: a client on a loop of its own, and a request to this machine.
#pragma once

#include <chrono>
#include <string>

#include <doctest/doctest.h>

#include "http/client.h"
#include "io/runtime.h"

namespace patchbay::http {

using std::chrono::milliseconds;
using Answer = std::expected<ClientResponse, ClientError>;

struct Setup {
  explicit Setup(ClientOptions options = {}) : client(runtime, std::move(options)) {
    runtime.start();
  }

  Answer send(ClientRequest wanted) {
    Answer answer;
    runtime.run(runtime.loop(0), [&]() -> io::Task<> { answer = co_await client.send(wanted); });
    return answer;
  }

  io::Runtime runtime{{.loops = 1}};
  Client client;
};

inline ClientRequest request_to(std::uint16_t port, Method method = Method::get,
                                std::string body = {}) {
  ClientRequest request;
  request.method = method;
  request.origin = {false, "127.0.0.1", port};
  request.target = "/target?x=y";
  request.body = std::move(body);
  request.allow_loopback = true;
  request.timeout = milliseconds(3000);
  return request;
}

// Asserts that it failed.
inline ErrorCode code_of(const Answer& answer) {
  REQUIRE_FALSE(answer.has_value());
  return answer.error().error.code;
}

}  // namespace patchbay::http
