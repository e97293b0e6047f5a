// The integrations of a server while it runs: read at its start, read again when something of them
// changes, and handed to the control plane, from where toolsets, listings and prompts follow.
//
// A definition with a fault never replaces one that works: its faults are kept beside that one, and
// told. Calls that run keep the definition that they began with alive until they end.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "base/mutex.h"
#include "catalog/tool.h"
#include "control/control_plane.h"
#include "definitions/difference.h"
#include "definitions/sources.h"
#include "pack/loader.h"
#include "telemetry/log.h"

namespace patchbay::definitions {

struct DefinitionOptions {
  std::string folder;           // empty: none
  bool allow_loopback = false;  // plain http to this machine, where a definition allows it at all
};

// Of one integration, beside what it is.
struct Standing {
  Origin origin = Origin::shipped;
  WallTime loaded_at{};
  // Of the newest try, where that replaced nothing.
  std::vector<pack::Problem> faults;
};

// What came of reading one again.
struct Reread {
  std::string name;
  bool has_changed = false;
  Difference difference;
  std::vector<pack::Problem> faults;  // where there are any, nothing has changed
};

// Thread-safe. What reads files or changes definitions blocks.
class Definitions {
 public:
  Definitions(DefinitionOptions options, const Clock& clock, const telemetry::Log& log);
  ~Definitions();
  Definitions(const Definitions&) = delete;
  Definitions& operator=(const Definitions&) = delete;

  // Reads all of them, once, before anything is served. Errors: invalid_argument, with every
  // problem of the first that has any (file, line, mend); not_found (the folder).
  Result<> load();
  // Hands all of them to `control`, which outlives this, and from then on what changes.
  void serve(control::ControlPlane& control);
  // Follows the folder from here on, in a thread of its own; until stop().
  void follow();
  void stop();

  // Reads it again. Error not_found: there is none of that name.
  Result<Reread> reload(const std::string& name, std::string_view asked_by);
  // Those that have changed, and those with faults. `asked_by`: for the log.
  std::vector<Reread> reload_all(std::string_view asked_by);

  // Nothing: there is none of that name.
  std::optional<Standing> standing(std::string_view name) const;

 private:
  using Catalog = std::shared_ptr<const catalog::ToolCatalog>;
  struct Entry {
    Catalog catalog;     // null: it never was without a fault
    std::string digest;  // of what was read last, whatever came of it
    Standing standing;
  };
  struct Tried {
    Catalog catalog;  // null where there are faults
    std::vector<pack::Problem> faults;
  };

  Tried try_files(const std::string& name, const std::vector<pack::PackFile>& files) const;
  Result<Reread> read_again(const std::string& name, std::string_view asked_by)
      PATCHBAY_REQUIRES(turn_);
  Reread put(const std::string& name, Origin origin, std::string digest, Catalog catalog,
             std::string_view asked_by) PATCHBAY_REQUIRES(turn_);
  Reread keep_faults(const std::string& name, std::string digest, std::vector<pack::Problem> faults,
                     std::string_view asked_by) PATCHBAY_REQUIRES(turn_);
  std::vector<std::string> names() const;
  Entry entry_of(std::string_view name) const;
  void follow_changes();
  void wake() const;

  // Constant after construction, or before anything is served.
  const DefinitionOptions options_;
  const Clock& clock_;
  const telemetry::Log& log_;
  const Sources sources_;
  const int wake_fd_;
  control::ControlPlane* control_ = nullptr;

  Mutex turn_;  // one change at a time, from what is read to what is served

  mutable Mutex mutex_;  // taken last, for moments
  std::map<std::string, Entry, std::less<>> entries_ PATCHBAY_GUARDED_BY(mutex_);

  std::atomic<bool> stopping_ = false;
  std::thread following_;
};

// "\n  acme/integration.yaml:3: what\n      its mend", for each that is no warning.
std::string describe(const std::vector<pack::Problem>& problems);

}  // namespace patchbay::definitions
