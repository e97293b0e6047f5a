#include "app/reload.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <span>
#include <utility>

#include <sodium.h>

#include "app/master_keys.h"
#include "base/encoding.h"
#include "base/text.h"
#include "vault/vault.h"

namespace patchbay::app {
namespace {

// What is in these may change while their names stay: certificates are renewed in place.
struct NamedFile {
  std::string_view setting;
  std::string Config::* path;
};
constexpr std::array<NamedFile, 3> kFiles{{{"tls-cert", &Config::tls_certificate},
                                           {"tls-key", &Config::tls_key},
                                           {"upstream-ca-file", &Config::upstream_ca_file}}};

std::string digest_of(std::string_view bytes) {
  std::array<unsigned char, 32> digest;
  crypto_generichash(digest.data(), digest.size(),
                     reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), nullptr,
                     0);
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

std::string digest_of_file(const std::string& path) {
  if (path.empty()) return {};
  std::ifstream file(path, std::ios::binary);
  return digest_of(std::string(std::istreambuf_iterator<char>(file), {}));
}

bool serves_tls(const Config& config) {
  return !config.tls_certificate.empty();
}

void check_keys(const Config& config, const telemetry::Log& log, Faults& faults) {
  const auto keys = faults.take(read_keys(config, log));
  if (keys) faults.take(vault::Vault::open(keys->front(), std::span(*keys).subspan(1)));
}

}  // namespace

Reloading::Marks Reloading::marks_of(const Config& config) {
  Marks marks;
  std::ranges::transform(kFiles, marks.files.begin(),
                         [&](const NamedFile& file) { return digest_of_file(config.*file.path); });
  marks.master_keys =
      config.key.empty() ? digest_of_file(config.key_file) : digest_of(config.key.reveal());
  return marks;
}

Reloading::Reloading(const Config& started, Read read, Apply apply, const telemetry::Log& log)
    : read_(std::move(read)),
      apply_(std::move(apply)),
      log_(log),
      started_(started),
      running_(started),
      marks_(marks_of(started)) {
  started_.key = running_.key = Secret();
}

// Each setting in one of the three lists.
Reloaded Reloading::compare(const Config& next, const Marks& marks) const {
  const bool same_keys = marks.master_keys == marks_.master_keys;
  const bool same_scheme = serves_tls(next) == serves_tls(started_);
  Reloaded out;
  for (const Option& option : options()) {
    const std::string_view name = option.name;
    bool at_run_time = option.change.at_run_time;
    bool same = option.change.same(next, at_run_time ? running_ : started_);
    if (const auto* const file = std::ranges::find(kFiles, name, &NamedFile::setting);
        file != kFiles.end()) {
      const auto at = static_cast<std::size_t>(file - kFiles.begin());
      same = same && marks.files[at] == marks_.files[at];
      // Another certificate is taken at any time; from HTTP to HTTPS, clients have to be led.
      if (!same_scheme && file->path != &Config::upstream_ca_file) at_run_time = same = false;
    }
    if (name == "key") same = same_keys || next.key.empty();
    if (name == "key-file") same = same && (same_keys || !next.key.empty());
    auto& list = same ? out.unchanged : at_run_time ? out.changed : out.needs_restart;
    list.emplace_back(name);
  }
  return out;
}

Result<Reloaded> Reloading::refuse(const Faults& faults, std::string_view asked_by) const {
  for (const Error& fault : faults.all()) {
    log_.write(telemetry::Level::error, "The configuration has a fault; nothing was changed.",
               {{"asked_by", asked_by},
                {"fault", std::string_view(fault.message)},
                {"hint", std::string_view(fault.hint)}});
  }
  Error told = faults.told("faults in the configuration");
  told.code = ErrorCode::conflict;
  told.message = "Nothing was changed. " + told.message;
  return std::unexpected(std::move(told));
}

Result<Reloaded> Reloading::reload(std::string_view asked_by, const StillMay& still_may) {
  const MutexLock lock(mutex_);
  // It may have waited behind another one, which reads files of any disk.
  if (const auto may = still_may ? still_may() : Result<>(); !may) {
    return std::unexpected(may.error());
  }
  Faults faults;
  Config next = read_(faults);
  // Before they are opened: what changes in between is a change next time.
  Marks marks = marks_of(next);
  // Of a file that could not be read the key is missing with the rest of it.
  if (!faults.any() || !next.key.empty() || !next.key_file.empty()) {
    check_keys(next, log_, faults);
  }
  TlsFiles files = open_tls_files(next, faults);
  auto places = faults.take(http::OriginPolicy::make(next.allowed_origins, next.allowed_hosts));
  if (faults.any()) return refuse(faults, asked_by);

  Reloaded outcome = compare(next, marks);
  next.key = Secret();
  if (serves_tls(next) != serves_tls(started_)) {
    next.tls_certificate = running_.tls_certificate;
    next.tls_key = running_.tls_key;
    marks.files[0] = marks_.files[0];
    marks.files[1] = marks_.files[1];
  }
  const auto changed = [&](std::string_view name) {
    return std::ranges::find(outcome.changed, name) != outcome.changed.end();
  };
  if (!changed("tls-cert") && !changed("tls-key")) files.server.reset();
  if (!changed("upstream-ca-file")) files.upstream.reset();
  if (!outcome.changed.empty()) {
    apply_({.config = next,
            .certificate = std::move(files.server),
            .upstream_trust = std::move(files.upstream),
            .places = std::move(*places)});
  }
  marks_.files = marks.files;
  running_ = std::move(next);
  log_.write(telemetry::Level::info, "The configuration was read again.",
             {{"asked_by", asked_by},
              {"changed", std::string_view(join(outcome.changed, ","))},
              {"needs_restart", std::string_view(join(outcome.needs_restart, ","))}});
  return outcome;
}

}  // namespace patchbay::app
