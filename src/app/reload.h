// The configuration read again while the server runs: which of its settings changed, which of those
// hold at once, and which wait for the next start.
#pragma once

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/config.h"
#include "app/tls_files.h"
#include "base/mutex.h"
#include "http/origin_policy.h"
#include "telemetry/log.h"

namespace patchbay::app {

// Names of settings, in the order of the table. A file that a setting names counts as it.
struct Reloaded {
  std::vector<std::string> changed;
  std::vector<std::string> unchanged;
  std::vector<std::string> needs_restart;
};

// What the rooms are to go by from now on.
struct Renewed {
  const Config& config;
  std::optional<io::TlsContext> certificate;     // where the certificate or its key changed
  std::optional<io::TlsContext> upstream_trust;  // where the CA file changed
  http::OriginPolicy places;
};

class Reloading {
 public:
  // Reads it as the start did: file, environment, flags.
  using Read = std::function<Config(Faults&)>;
  using Apply = std::function<void(Renewed)>;

  // `started`: what the server was started with, its key included; the key is not kept.
  Reloading(const Config& started, Read read, Apply apply, const telemetry::Log& log);

  // Whether who asks may still do so.
  using StillMay = std::function<Result<>()>;
  // All or nothing; one at a time, whoever asks. `asked_by`: for the log, which is told the outcome
  // in any case. `still_may` is asked when it is this one's turn; empty: it may. Blocks (it reads
  // files). Errors: conflict, with every fault; those of `still_may`.
  Result<Reloaded> reload(std::string_view asked_by, const StillMay& still_may = {});

 private:
  // Digests of what lies in files, by the setting that names it.
  struct Marks {
    std::array<std::string, 3> files;  // of kFiles
    std::string master_keys;
  };
  static Marks marks_of(const Config& config);
  Reloaded compare(const Config& next, const Marks& marks) const PATCHBAY_REQUIRES(mutex_);
  Result<Reloaded> refuse(const Faults& faults, std::string_view asked_by) const;

  // Constant after construction.
  const Read read_;
  const Apply apply_;
  const telemetry::Log& log_;
  Config started_;

  Mutex mutex_;  // held for a whole reload
  Config running_ PATCHBAY_GUARDED_BY(mutex_);
  Marks marks_ PATCHBAY_GUARDED_BY(mutex_);
};

}  // namespace patchbay::app
