#include "sandbox/sandbox.h"

#include <algorithm>

#include "io/runtime.h"
#include "json/write.h"
#include "sandbox/auth.h"
#include "sandbox/engine.h"
#include "sandbox/followers/callback_sender.h"

namespace patchbay::sandbox {
namespace {

using std::chrono::milliseconds;

// Waits in small steps, so that a client that goes away is noticed. False: it went away.
io::Task<bool> wait(milliseconds duration, io::CancelToken gone) {
  constexpr milliseconds kStep{20};
  while (duration.count() > 0 && !gone.cancelled()) {
    const milliseconds step = std::min(duration, kStep);
    co_await io::sleep(step);
    duration -= step;
  }
  co_return !gone.cancelled();
}

// A client that never goes away is answered after all.
constexpr milliseconds kLongestHang{120'000};

io::Task<http::Response> ready(http::Response response) {
  co_return response;
}

// GET /_sandbox/callbacks: what became of callbacks. The engine does not know: it has no sockets.
bool asks_for_callbacks(const http::Request& request, const SandboxOptions& options) {
  return request.method == http::Method::get && request.path == "/_sandbox/callbacks" &&
         has_credentials(request, options);
}

io::Task<http::Response> serve(Engine& engine, CallbackSender& sender, http::Request& request) {
  Engine::Admission admission = engine.admit(request);
  if (admission.delay.count() > 0 || admission.hang) {
    const io::CancelToken gone =
        request.watch_disconnect ? request.watch_disconnect() : io::CancelToken();
    bool still_there = co_await wait(admission.delay, gone);
    constexpr milliseconds kLook{25};
    milliseconds hung{0};
    while (still_there && hung < kLongestHang && engine.still_hangs(admission)) {
      still_there = co_await wait(kLook, gone);
      hung += kLook;
    }
    if (!still_there) {
      engine.abandoned(admission);
      http::Response nobody;
      nobody.status = 499;
      nobody.close = true;
      co_return nobody;
    }
  }
  http::Response response = engine.answer(request, std::move(admission));
  for (Delivery& delivery : engine.take_deliveries()) sender.send(std::move(delivery));
  co_return response;
}

}  // namespace

struct Sandbox::Impl {
  Impl(io::Runtime& runtime, const Clock& clock, SandboxOptions given)
      : options(std::move(given)),
        engine(clock, options),
        sender(runtime, {}),
        server(runtime, options.server,
               [this](http::Request& request) { return answer(request); }) {}

  io::Task<http::Response> answer(http::Request& request) {
    if (!asks_for_callbacks(request, options)) return serve(engine, sender, request);
    return ready(http::Response::json(200, json::to_string(sender.to_json())));
  }

  SandboxOptions options;
  Engine engine;
  CallbackSender sender;
  http::Server server;
};

Sandbox::Sandbox(io::Runtime& runtime, const Clock& clock, SandboxOptions options)
    : impl_(std::make_unique<Impl>(runtime, clock, std::move(options))) {}

Sandbox::~Sandbox() = default;

Result<> Sandbox::start() {
  return impl_->server.start();
}

std::uint16_t Sandbox::port() const {
  return impl_->server.port();
}

void Sandbox::stop(std::chrono::milliseconds grace) {
  impl_->server.stop(grace);
  impl_->sender.stop();
}

const SandboxOptions& Sandbox::options() const {
  return impl_->options;
}

}  // namespace patchbay::sandbox
