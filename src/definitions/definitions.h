// The integrations of a server while it runs: read at its start, read again when something of them
// changes, and handed to the control plane, from where toolsets, listings and prompts follow.
//
// A definition has two layers. What is written by hand is in the folder, was uploaded, or is built
// in: the first of these that there is. What was imported from the vendor's document lies under it
// (pack/layers.h). Uploads and imports are kept in the store, in versions (stored.h).
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
#include "definitions/effects.h"
#include "definitions/kept_trees.h"
#include "definitions/sources.h"
#include "definitions/stored.h"
#include "pack/loader.h"
#include "store/definition_rows.h"
#include "telemetry/log.h"
#include "vault/vault.h"

namespace patchbay::definitions {

struct DefinitionOptions {
  std::string folder;           // empty: none
  std::string cache;            // a folder for what large ones were made of; empty: none
  bool allow_loopback = false;  // plain http to this machine, where a definition allows it at all
};

// Of one integration, beside what it is.
struct Standing {
  Origin origin = Origin::shipped;
  std::optional<std::int64_t> revision;  // of what is kept in the store; nothing: it is not
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

// What is wanted of a change.
struct Wish {
  bool preview = false;    // tell what it would do, and do nothing
  std::string created_by;  // id of the API token
};

// An operation of a document that makes no tool.
struct LeftOut {
  std::string operation;
  std::string reason;
};

// What a change does, or would do.
struct Outcome {
  std::size_t operations = 0;  // in an imported document
  std::vector<LeftOut> left_out;
  std::size_t tools = 0;
  Difference difference;
  std::vector<ServerEffect> servers;
  std::vector<pack::Problem> faults;     // where there are any, nothing has changed
  std::optional<std::int64_t> revision;  // that it made; nothing: it made none
};

// Thread-safe. What reads files or changes definitions blocks.
class Definitions {
 public:
  Definitions(DefinitionOptions options, const Clock& clock, const telemetry::Log& log);
  ~Definitions();
  Definitions(const Definitions&) = delete;
  Definitions& operator=(const Definitions&) = delete;

  // Reads all that are no store's, once, before anything is served. Errors: invalid_argument, with
  // every problem of the first that has any (file, line, mend); not_found (the folder).
  Result<> load();
  // Reads what the store keeps, which outlives this. A fault there is no reason not to start: it is
  // told, and what is written by hand serves. Error unavailable.
  Result<> load_stored(store::DefinitionRows& rows, std::shared_ptr<const vault::Vault> vault);
  // Hands all of them to `control`, which outlives this, and from then on what changes.
  void serve(control::ControlPlane& control);
  // Follows folder and store from here on, in a thread of its own; until stop().
  void follow();
  void stop();
  // The store may have another version. Does not block.
  void look_at_store();

  // Reads it again. Error not_found: there is none of that name.
  Result<Reread> reload(const std::string& name, std::string_view asked_by);
  // Those that have changed, and those with faults. `asked_by`: for the log.
  std::vector<Reread> reload_all(std::string_view asked_by);

  // Errors of the changes: invalid_argument (no name of an integration), conflict (it stands in the
  // folder; somebody else was faster), rate_limited (another import runs), too_large, unavailable.
  // A definition with faults is an outcome.
  // `document`: OpenAPI or Swagger, in JSON or YAML.
  Result<Outcome> import_document(const std::string& name, std::string_view document,
                                  const Wish& wish);
  // `files`: their paths are within the pack ("resources/tasks.yaml").
  Result<Outcome> upload(const std::string& name, FileList files, const Wish& wish);
  // Error not_found: there is no such version.
  Result<Outcome> roll_back(const std::string& name, std::int64_t revision, const Wish& wish);
  // The latest first, without their files; those before `before`. Error not_found: there is no such
  // integration.
  Result<std::vector<store::DefinitionRow>> revisions(const std::string& name, std::int64_t before,
                                                      std::size_t limit) const;

  // Nothing: there is none of that name.
  std::optional<Standing> standing(std::string_view name) const;

 private:
  using Catalog = std::shared_ptr<const catalog::ToolCatalog>;
  struct Entry {
    Catalog catalog;  // null: it never was without a fault
    std::string key;  // of what was read last, whatever came of it
    Standing standing;
  };
  // Layers, and what they make.
  struct Composed {
    Origin origin = Origin::shipped;
    std::optional<std::int64_t> revision;
    std::string key;
    std::string files;  // a digest of the two below; empty: not known
    FileList by_hand;
    FileList imported;
  };
  struct Tried {
    Catalog catalog;  // null where there are faults
    std::vector<pack::Problem> faults;
  };

  // Nothing: there is none of that name. Where `known` is its key, only the key is there.
  Result<std::optional<Composed>> compose(const std::string& name, const std::string& known) const;
  static Composed combine(std::optional<Files> by_hand, Version stored);
  // From what is kept of it, or from its files; those are kept then, if they make tools.
  Tried try_it(const std::string& name, const Composed& composed) const;
  static std::vector<pack::ParsedFile> lay(const Composed& composed);
  Tried make_tools(const std::string& name, pack::LoadOutcome outcome) const;
  Result<Reread> read_again(const std::string& name, std::string_view asked_by)
      PATCHBAY_REQUIRES(turn_);
  Reread put(const std::string& name, const Composed& composed, Catalog catalog,
             std::string_view asked_by) PATCHBAY_REQUIRES(turn_);
  Reread keep_faults(const std::string& name, std::string key, std::vector<pack::Problem> faults,
                     std::string_view asked_by) PATCHBAY_REQUIRES(turn_);
  std::vector<std::string> names() const;
  Entry entry_of(std::string_view name) const;
  // As the latest version, with the parts that `version` brings.
  Result<Outcome> change(const std::string& name, Version version, const Wish& wish,
                         Outcome outcome) PATCHBAY_REQUIRES(turn_);
  Result<Version> latest_of(const std::string& name) const;
  void follow_changes();
  void wake() const;

  // Constant after construction, or before anything is served.
  const DefinitionOptions options_;
  const Clock& clock_;
  const telemetry::Log& log_;
  const Sources sources_;
  const KeptTrees trees_;
  const int wake_fd_;
  std::unique_ptr<const StoredDefinitions> stored_;  // null: nothing is kept
  control::ControlPlane* control_ = nullptr;

  Mutex turn_;  // one change at a time, from what is read to what is served

  mutable Mutex mutex_;  // taken last, for moments
  std::map<std::string, Entry, std::less<>> entries_ PATCHBAY_GUARDED_BY(mutex_);

  std::atomic<bool> importing_ = false;
  std::atomic<bool> stopping_ = false;
  std::thread following_;
};

// "\n  acme/integration.yaml:3: what\n      its mend", for each that is no warning.
std::string describe(const std::vector<pack::Problem>& problems);
// A fault of the whole of a definition.
pack::Problem as_problem(const std::string& name, const Error& error);

}  // namespace patchbay::definitions
