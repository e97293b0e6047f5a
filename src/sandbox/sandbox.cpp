#include "sandbox/sandbox.h"

#include <algorithm>

#include "io/runtime.h"
#include "sandbox/engine.h"

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

io::Task<http::Response> serve(Engine& engine, http::Request& request) {
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
  co_return engine.answer(request, std::move(admission));
}

}  // namespace

struct Sandbox::Impl {
  Impl(io::Runtime& runtime, const Clock& clock, SandboxOptions given)
      : options(std::move(given)),
        engine(clock, options),
        server(runtime, options.server,
               [this](http::Request& request) { return serve(engine, request); }) {}

  SandboxOptions options;
  Engine engine;
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
}

const SandboxOptions& Sandbox::options() const {
  return impl_->options;
}

}  // namespace patchbay::sandbox
