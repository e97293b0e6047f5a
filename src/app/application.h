// The server as a whole: every room, made in order and wired together.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "app/config.h"
#include "app/reload.h"
#include "base/clock.h"
#include "base/error.h"
#include "control/control_plane.h"
#include "telemetry/log.h"
#include "vault/token.h"

namespace patchbay::app {

struct ApplicationOptions {
  Config config;
  bool in_memory = false;            // demo: nothing is written to disk
  bool sandbox = false;              // demo: all that is connected is its sandbox
  Reloading::Read read_config = {};  // again, for reload(); empty: there is nothing to read
};

class Application {
 public:
  // Opens the database, loads integrations, and listens. Errors are for the operator to read.
  static Result<std::unique_ptr<Application>> start(ApplicationOptions options, const Clock& clock,
                                                    telemetry::Log& log);
  ~Application();

  // Reads the configuration again and goes by what can be changed at run time. Thread-safe; blocks.
  // Errors: conflict (faults; nothing was changed), unsupported.
  Result<Reloaded> reload(std::string_view asked_by);

  // "http://127.0.0.1:8080", without a slash at the end.
  const std::string& url() const;
  control::ControlPlane& control();
  // The first API token of a new instance, until a token was used.
  const std::optional<vault::Token>& first_token() const;
  // Where it was put for its owner; empty: nowhere, there is none or all is in memory.
  const std::string& first_token_file() const;
  // Signs in to the dashboard as that token, once and for ten minutes. Error not_found: there is no
  // first token.
  Result<std::string> sign_in_link(std::string_view program);

  // No new work; running calls finish within the configured grace.
  void stop();

 private:
  struct Impl;
  explicit Application(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace patchbay::app
