#include "definitions/definitions.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/lasting_thread.h"
#include "definitions/compiled.h"
#include "definitions/folder_watch.h"
#include "definitions/program_id.h"
#include "pack/layers.h"

namespace patchbay::definitions {
namespace {

using telemetry::Level;

// Who is told of more has seen enough.
constexpr std::size_t kMostFaultsLogged = 20;

// Milliseconds.
constexpr int kAfterStart = 300;

constexpr std::string_view kByStart = "the start";
constexpr std::string_view kByItself = "a change that was heard of";

std::vector<pack::Problem> errors_of(std::vector<pack::Problem> problems) {
  std::erase_if(problems, &pack::Problem::warning);
  return problems;
}

std::int64_t count(const auto& list) {
  return static_cast<std::int64_t>(list.size());
}

}  // namespace

pack::Problem as_problem(const std::string& name, const Error& error) {
  return {.file = name, .line = 0, .message = error.message, .fix = error.hint};
}

std::string describe(const std::vector<pack::Problem>& problems) {
  std::string text;
  for (const pack::Problem& problem : problems) {
    if (problem.warning) continue;
    text += fmt::format("\n  {}:{}: {}", problem.file, problem.line, problem.message);
    if (!problem.fix.empty()) text += fmt::format("\n      {}", problem.fix);
  }
  return text;
}

Definitions::Definitions(DefinitionOptions options, const Clock& clock, const telemetry::Log& log)
    : options_(std::move(options)),
      clock_(clock),
      log_(log),
      sources_(options_.folder),
      trees_(options_.cache, program_id()),
      wake_fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

Definitions::~Definitions() {
  stop();
  ::close(wake_fd_);
}

Definitions::Tried Definitions::try_it(const std::string& name, const Composed& composed) const {
  std::size_t bytes = 0;
  for (const FileList* layer : {&composed.by_hand, &composed.imported}) {
    for (const pack::PackFile& file : *layer) bytes += file.text.size();
  }
  if (!trees_.keeps(bytes)) return make_tools(name, pack::load_parsed(lay(composed)));
  const std::string files = composed.files.empty()
                                ? digest_of(composed.by_hand) + digest_of(composed.imported)
                                : composed.files;
  if (auto kept = trees_.find(name, files)) {
    // What was kept made tools. If it makes none, it is not what was kept.
    Tried tried = make_tools(name, pack::load_kept(std::move(*kept)));
    if (tried.catalog) return tried;
  }
  auto trees = lay(composed);
  const auto compiled = compile(trees);
  Tried tried = make_tools(name, pack::load_parsed(std::move(trees)));
  if (tried.catalog && compiled) trees_.keep(name, files, *compiled);
  return tried;
}

std::vector<pack::ParsedFile> Definitions::lay(const Composed& composed) {
  auto imported = pack::parse_files(composed.imported);
  auto by_hand = pack::parse_files(composed.by_hand);
  if (imported.empty()) return by_hand;
  return by_hand.empty() ? imported : pack::lay_over(std::move(by_hand), std::move(imported));
}

Definitions::Tried Definitions::make_tools(const std::string& name,
                                           pack::LoadOutcome outcome) const {
  Tried tried;
  integration::Integration* const made = outcome.integration.get();
  if (made == nullptr) {
    tried.faults = errors_of(std::move(outcome.problems));
    return tried;
  }
  if (made->name != name) {
    tried.faults.push_back(
        {.file = name + "/integration.yaml",
         .line = 0,
         .message = "it is named '" + made->name + "', and its folder '" + name + "'",
         .fix = "give both the same name"});
    return tried;
  }
  made->allow_loopback_http = made->allow_loopback_http && options_.allow_loopback;
  auto tools = catalog::ToolCatalog::generate(std::move(outcome.integration));
  if (!tools) {
    tried.faults.push_back(as_problem(name, tools.error()));
    return tried;
  }
  tried.catalog = std::move(*tools);
  return tried;
}

Definitions::Composed Definitions::combine(std::optional<Files> by_hand, Version stored) {
  Composed composed;
  if (by_hand) {
    composed.origin = by_hand->origin;
    composed.by_hand = std::move(by_hand->files);
    composed.imported = std::move(by_hand->imported);
  }
  const bool in_folder = composed.origin == Origin::directory;
  const bool uses_upload = stored.uploaded && !in_folder;
  if (uses_upload) composed.by_hand = std::move(*stored.uploaded);
  const bool uses_import = stored.imported && composed.imported.empty();
  if (uses_import) composed.imported = std::move(*stored.imported);
  if (uses_upload || uses_import) {
    composed.origin = stored.origin;
    // What was uploaded last is not what is in force where the folder has it.
    if (!uses_upload) composed.origin = Origin::imported;
    composed.revision = stored.revision;
  }
  return composed;
}

Result<std::optional<Definitions::Composed>> Definitions::compose(const std::string& name,
                                                                  const std::string& known) const {
  auto found = sources_.find(name);
  if (!found) return std::unexpected(std::move(found.error()));
  std::int64_t revision = 0;
  if (stored_ != nullptr) {
    const auto latest = stored_->latest_revision(name);
    if (!latest) return std::unexpected(latest.error());
    revision = *latest;
  }
  if (!*found && revision == 0) return std::nullopt;
  std::string files = digest_of(*found);
  const std::string key = std::to_string(revision) + '/' + files;
  if (key == known) {
    return Composed{
        .origin = {}, .revision = {}, .key = key, .files = {}, .by_hand = {}, .imported = {}};
  }
  auto stored = latest_of(name);
  if (!stored) return std::unexpected(std::move(stored.error()));
  Composed composed = combine(std::move(*found), std::move(*stored));
  composed.key = key;
  // Without a part of the store's, these are all that it is made of.
  if (!composed.revision) composed.files = std::move(files);
  return composed;
}

Result<Version> Definitions::latest_of(const std::string& name) const {
  return stored_ != nullptr ? stored_->latest(name) : Version{};
}

Result<> Definitions::load() {
  const auto names = sources_.names();
  if (!names) return std::unexpected(names.error());
  const MutexLock turn(turn_);
  for (const std::string& name : *names) {
    auto composed = compose(name, "");
    if (!composed) return std::unexpected(std::move(composed.error()));
    if (!*composed) continue;
    Tried tried = try_it(name, **composed);
    if (!tried.catalog) {
      return fail(ErrorCode::invalid_argument,
                  "The integration '" + name + "' has problems:" + describe(tried.faults),
                  "Run `patchbay integration validate` on its folder after each change.");
    }
    put(name, **composed, std::move(tried.catalog), "");
  }
  return {};
}

Result<> Definitions::load_stored(store::DefinitionRows& rows,
                                  std::shared_ptr<const vault::Vault> vault) {
  stored_ = std::make_unique<const StoredDefinitions>(rows, std::move(vault), clock_);
  const auto kept = stored_->names();
  if (!kept) return std::unexpected(kept.error());
  const MutexLock turn(turn_);
  for (const std::string& name : *kept) static_cast<void>(read_again(name, kByStart));
  return {};
}

void Definitions::serve(control::ControlPlane& control) {
  control_ = &control;
  std::vector<Catalog> all;
  {
    const MutexLock lock(mutex_);
    for (const auto& [name, entry] : entries_) {
      if (entry.catalog) all.push_back(entry.catalog);
    }
  }
  for (Catalog& catalog : all) control.set_catalog(std::move(catalog));
}

Result<Reread> Definitions::reload(const std::string& name, std::string_view asked_by) {
  const MutexLock turn(turn_);
  return read_again(name, asked_by);
}

// All that there were or are; what cannot be listed stays as it is.
std::vector<std::string> Definitions::names() const {
  std::vector<std::string> all;
  {
    const MutexLock lock(mutex_);
    for (const auto& [name, entry] : entries_) all.push_back(name);
  }
  const auto add = [&](const Result<std::vector<std::string>>& some) {
    if (some) {
      all.insert(all.end(), some->begin(), some->end());
    } else {
      log_.write(Level::error, "Not all integrations could be read again; these stay as they are.",
                 {{"reason", std::string_view(some.error().message)}});
    }
  };
  add(sources_.names());
  if (stored_ != nullptr) add(stored_->names());
  std::ranges::sort(all);
  all.erase(std::ranges::unique(all).begin(), all.end());
  return all;
}

std::vector<Reread> Definitions::reload_all(std::string_view asked_by) {
  const MutexLock turn(turn_);
  std::vector<Reread> told;
  for (const std::string& name : names()) {
    auto read = read_again(name, asked_by);
    if (read && (read->has_changed || !read->faults.empty())) told.push_back(std::move(*read));
  }
  return told;
}

Definitions::Entry Definitions::entry_of(std::string_view name) const {
  const MutexLock lock(mutex_);
  const auto known = entries_.find(name);
  return known != entries_.end() ? known->second : Entry{};
}

Result<Reread> Definitions::read_again(const std::string& name, std::string_view asked_by) {
  const Entry before = entry_of(name);
  auto composed = compose(name, before.key);
  if (!composed) return keep_faults(name, "", {as_problem(name, composed.error())}, asked_by);
  if (!*composed && before.catalog == nullptr) {
    const MutexLock lock(mutex_);
    if (const auto known = entries_.find(name); known != entries_.end()) entries_.erase(known);
    return fail(ErrorCode::not_found, "There is no integration '" + name + "'.");
  }
  if (!*composed) {
    return keep_faults(name, "",
                       {{.file = name,
                         .line = 0,
                         .message = "its folder is gone; it is served as it was until the server "
                                    "is started again",
                         .fix = "put the folder back, or start the server again without it"}},
                       asked_by);
  }
  if ((*composed)->key == before.key) {
    return Reread{
        .name = name, .has_changed = false, .difference = {}, .faults = before.standing.faults};
  }
  Tried tried = try_it(name, **composed);
  if (!tried.catalog) {
    return keep_faults(name, std::move((*composed)->key), std::move(tried.faults), asked_by);
  }
  return put(name, **composed, std::move(tried.catalog), asked_by);
}

Reread Definitions::put(const std::string& name, const Composed& composed, Catalog catalog,
                        std::string_view asked_by) {
  Catalog before;
  {
    const MutexLock lock(mutex_);
    Entry& entry = entries_[name];
    before = std::exchange(entry.catalog, catalog);
    entry.key = composed.key;
    entry.standing = {.origin = composed.origin,
                      .revision = composed.revision,
                      .loaded_at = clock_.now(),
                      .faults = {}};
  }
  Reread told{.name = name, .has_changed = true, .difference = {}, .faults = {}};
  if (asked_by.empty()) return told;  // nobody is served yet
  told.difference = difference(before.get(), *catalog);
  if (control_ != nullptr) {
    for (const std::string& problem : control_->set_catalog(std::move(catalog))) {
      log_.write(Level::warning, problem, {{"integration", std::string_view(name)}});
    }
  }
  log_.write(Level::info, "An integration was read again.",
             {{"integration", std::string_view(name)},
              {"asked_by", asked_by},
              {"origin", to_string(composed.origin)},
              {"revision", composed.revision.value_or(0)},
              {"tools_added", count(told.difference.added)},
              {"tools_removed", count(told.difference.removed)},
              {"tools_changed", count(told.difference.changed)},
              {"is_breaking", told.difference.is_breaking()}});
  return told;
}

Reread Definitions::keep_faults(const std::string& name, std::string key,
                                std::vector<pack::Problem> faults, std::string_view asked_by) {
  bool are_new = false;
  {
    const MutexLock lock(mutex_);
    Entry& entry = entries_[name];
    std::vector<pack::Problem>& kept = entry.standing.faults;
    are_new = !std::ranges::equal(kept, faults, [](const auto& a, const auto& b) {
      return a.file == b.file && a.line == b.line && a.message == b.message;
    });
    kept = faults;
    entry.key = std::move(key);
  }
  Reread told{.name = name, .has_changed = false, .difference = {}, .faults = std::move(faults)};
  if (!are_new) return told;
  std::size_t logged = 0;
  for (const pack::Problem& fault : told.faults) {
    if (logged++ == kMostFaultsLogged) break;
    log_.write(Level::error, "A definition has a fault; nothing of that integration was changed.",
               {{"integration", std::string_view(name)},
                {"asked_by", asked_by},
                {"file", std::string_view(fault.file)},
                {"line", static_cast<std::int64_t>(fault.line)},
                {"fault", std::string_view(fault.message)},
                {"hint", std::string_view(fault.fix)}});
  }
  return told;
}

std::optional<Standing> Definitions::standing(std::string_view name) const {
  const MutexLock lock(mutex_);
  const auto found = entries_.find(name);
  if (found == entries_.end()) return std::nullopt;
  return found->second.standing;
}

void Definitions::follow() {
  if (following_.joinable()) return;
  following_ = lasting_thread([this] { follow_changes(); });
}

void Definitions::stop() {
  stopping_ = true;
  wake();
  if (following_.joinable()) following_.join();
}

void Definitions::look_at_store() {
  wake();
}

void Definitions::wake() const {
  static_cast<void>(::eventfd_write(wake_fd_, 1));
}

void Definitions::follow_changes() {
  auto watch =
      options_.folder.empty() ? fail(ErrorCode::not_found, "") : FolderWatch::open(options_.folder);
  if (!watch && !options_.folder.empty()) {
    log_.write(Level::warning, watch.error().message,
               {{"hint", std::string_view(watch.error().hint)}});
  }
  bool heard_all = true;
  bool is_first = true;
  while (!stopping_) {
    if (watch && !watch->look() && std::exchange(heard_all, false)) {
      log_.write(
          Level::warning,
          "Not every change of definitions is heard: the kernel watches no more folders.",
          {{"hint", "Raise fs.inotify.max_user_watches, or send SIGHUP after each change."}});
    }
    // What was changed since it was loaded is found a moment later: a start has no time for reading
    // everything twice.
    if (std::exchange(is_first, false)) {
      pollfd on{.fd = wake_fd_, .events = POLLIN, .revents = 0};
      ::poll(&on, 1, kAfterStart);
    }
    if (stopping_) return;
    reload_all(kByItself);
    if (watch) {
      watch->wait(wake_fd_);
    } else {
      pollfd on{.fd = wake_fd_, .events = POLLIN, .revents = 0};
      ::poll(&on, 1, -1);
    }
    eventfd_t woken = 0;
    static_cast<void>(::eventfd_read(wake_fd_, &woken));
  }
}

}  // namespace patchbay::definitions
