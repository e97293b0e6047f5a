#include "definitions/definitions.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "definitions/folder_watch.h"

namespace patchbay::definitions {
namespace {

using telemetry::Level;

// Who is told of more has seen enough.
constexpr std::size_t kMostFaultsLogged = 20;

constexpr std::string_view kByItself = "a change that was heard of";

std::vector<pack::Problem> errors_of(std::vector<pack::Problem> problems) {
  std::erase_if(problems, &pack::Problem::warning);
  return problems;
}

// Of the whole of a definition.
pack::Problem as_problem(const std::string& name, const Error& error) {
  return {.file = name, .line = 0, .message = error.message, .fix = error.hint};
}

std::int64_t count(const auto& list) {
  return static_cast<std::int64_t>(list.size());
}

}  // namespace

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
      wake_fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

Definitions::~Definitions() {
  stop();
  ::close(wake_fd_);
}

Definitions::Tried Definitions::try_files(const std::string& name,
                                          const std::vector<pack::PackFile>& files) const {
  Tried tried;
  pack::LoadOutcome outcome = pack::load_pack(files);
  if (!outcome.integration) {
    tried.faults = errors_of(std::move(outcome.problems));
    return tried;
  }
  if (outcome.integration->name != name) {
    tried.faults.push_back({.file = name + "/integration.yaml",
                            .line = 0,
                            .message = "it is named '" + outcome.integration->name +
                                       "', and its folder '" + name + "'",
                            .fix = "give both the same name"});
    return tried;
  }
  auto integration = std::make_shared<integration::Integration>(*outcome.integration);
  integration->allow_loopback_http = integration->allow_loopback_http && options_.allow_loopback;
  auto tools = catalog::ToolCatalog::generate(std::move(integration));
  if (!tools) {
    tried.faults.push_back(as_problem(name, tools.error()));
    return tried;
  }
  tried.catalog = std::move(*tools);
  return tried;
}

Result<> Definitions::load() {
  const auto names = sources_.names();
  if (!names) return std::unexpected(names.error());
  const MutexLock turn(turn_);
  for (const std::string& name : *names) {
    auto found = sources_.find(name);
    if (!found) return std::unexpected(std::move(found.error()));
    if (!*found) continue;
    Tried tried = try_files(name, (*found)->files);
    if (!tried.catalog) {
      return fail(ErrorCode::invalid_argument,
                  "The integration '" + name + "' has problems:" + describe(tried.faults),
                  "Run `patchbay integration validate` on its folder after each change.");
    }
    put(name, (*found)->origin, digest_of((*found)->files), std::move(tried.catalog), "");
  }
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
  if (const auto found = sources_.names()) {
    all.insert(all.end(), found->begin(), found->end());
  } else {
    log_.write(Level::error, "Not all integrations could be read again; these stay as they are.",
               {{"reason", std::string_view(found.error().message)}});
  }
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
  auto found = sources_.find(name);
  if (!found) return keep_faults(name, "", {as_problem(name, found.error())}, asked_by);
  if (!*found && before.catalog == nullptr) {
    const MutexLock lock(mutex_);
    if (const auto known = entries_.find(name); known != entries_.end()) entries_.erase(known);
    return fail(ErrorCode::not_found, "There is no integration '" + name + "'.");
  }
  if (!*found) {
    return keep_faults(name, "",
                       {{.file = name,
                         .line = 0,
                         .message = "its folder is gone; it is served as it was until the server "
                                    "is started again",
                         .fix = "put the folder back, or start the server again without it"}},
                       asked_by);
  }
  std::string digest = digest_of((*found)->files);
  if (digest == before.digest) {
    return Reread{
        .name = name, .has_changed = false, .difference = {}, .faults = before.standing.faults};
  }
  Tried tried = try_files(name, (*found)->files);
  if (!tried.catalog) {
    return keep_faults(name, std::move(digest), std::move(tried.faults), asked_by);
  }
  return put(name, (*found)->origin, std::move(digest), std::move(tried.catalog), asked_by);
}

Reread Definitions::put(const std::string& name, Origin origin, std::string digest, Catalog catalog,
                        std::string_view asked_by) {
  Catalog before;
  {
    const MutexLock lock(mutex_);
    Entry& entry = entries_[name];
    before = std::exchange(entry.catalog, catalog);
    entry.digest = std::move(digest);
    entry.standing = {.origin = origin, .loaded_at = clock_.now(), .faults = {}};
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
              {"origin", to_string(origin)},
              {"tools_added", count(told.difference.added)},
              {"tools_removed", count(told.difference.removed)},
              {"tools_changed", count(told.difference.changed)},
              {"is_breaking", told.difference.is_breaking()}});
  return told;
}

Reread Definitions::keep_faults(const std::string& name, std::string digest,
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
    entry.digest = std::move(digest);
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
  if (options_.folder.empty() || following_.joinable()) return;
  following_ = std::thread([this] { follow_changes(); });
}

void Definitions::stop() {
  stopping_ = true;
  wake();
  if (following_.joinable()) following_.join();
}

void Definitions::wake() const {
  static_cast<void>(::eventfd_write(wake_fd_, 1));
}

void Definitions::follow_changes() {
  auto watch = FolderWatch::open(options_.folder);
  if (!watch) {
    log_.write(Level::warning, watch.error().message,
               {{"hint", std::string_view(watch.error().hint)}});
    return;
  }
  bool heard_all = true;
  while (!stopping_) {
    if (!watch->look() && std::exchange(heard_all, false)) {
      log_.write(
          Level::warning,
          "Not every change of definitions is heard: the kernel watches no more folders.",
          {{"hint", "Raise fs.inotify.max_user_watches, or send SIGHUP after each change."}});
    }
    reload_all(kByItself);
    watch->wait(wake_fd_);
  }
}

}  // namespace patchbay::definitions
