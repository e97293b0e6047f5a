// A ConnectWise PSA to try things on: in memory, deterministic, honest about the API's quirks.
// Built from the documented facts and from nothing of the gateway's.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>

#include "base/clock.h"
#include "base/error.h"
#include "io/runtime.h"
#include "sandbox/options.h"

namespace patchbay::sandbox {

class Sandbox {
 public:
  Sandbox(io::Runtime& runtime, const Clock& clock, SandboxOptions options);
  ~Sandbox();
  Result<> start();
  std::uint16_t port() const;
  void stop(std::chrono::milliseconds grace);
  const SandboxOptions& options() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace patchbay::sandbox
