#include "app/foundations.h"

#include <cerrno>
#include <cstring>
#include <span>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "app/database.h"
#include "app/integrations.h"
#include "app/master_keys.h"
#include "control/open_vault.h"
#include "http/server.h"
#include "io/runtime.h"
#include "io/tls.h"
#include "store/sqlite/open_sqlite.h"

namespace patchbay::app {
namespace {

// Gathers what is wrong, so that it is told in one answer.
class Faults {
 public:
  // What there is, or nothing and one fault more. `mend` is for faults that have no hint.
  template <class T>
  std::optional<T> take(Result<T> tried, std::string_view mend = "") {
    if (tried) return std::move(*tried);
    add(std::move(tried.error()), mend);
    return std::nullopt;
  }
  void check(Result<> tried, std::string_view mend = "") {
    if (!tried) add(std::move(tried.error()), mend);
  }
  bool any() const { return !all_.empty(); }
  std::vector<Error> all() && { return std::move(all_); }
  Error told() const {
    if (all_.size() == 1) return all_.front();
    Error error{ErrorCode::invalid_argument,
                fmt::format("There are {} reasons not to start:", all_.size()), ""};
    for (const Error& fault : all_) {
      error.message += fmt::format("\n  - {}", fault.message);
      if (!fault.hint.empty()) error.message += fmt::format("\n    {}", fault.hint);
    }
    return error;
  }

 private:
  void add(Error fault, std::string_view mend) {
    if (fault.hint.empty()) fault.hint = mend;
    all_.push_back(std::move(fault));
  }

  std::vector<Error> all_;
};

// TLS libraries say "no such file" in many words, and not at all that a file may not be read.
Result<> check_readable(std::string_view what, const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    return fail(ErrorCode::invalid_argument,
                fmt::format("The {} '{}' cannot be read: {}.", what, path, std::strerror(errno)),
                "Name a file in PEM form that the server's user can read.");
  }
  ::close(file);
  return {};
}

// Folder, database and keys, as far as they can be had.
void open_kept(const Config& config, bool in_memory, const telemetry::Log& log, Faults& faults,
               Foundations& out) {
  const auto keys = faults.take(read_keys(config, log));
  // Keys that are none at all are told apart from those that do not fit the database.
  const auto proper =
      keys ? faults.take(vault::Vault::open(keys->front(), std::span(*keys).subspan(1)))
           : std::nullopt;
  if (!in_memory) {
    auto folder = faults.take(DataFolder::open(config.data_dir));
    if (!folder) return;  // the database of another process is none of ours
    out.folder.emplace(std::move(*folder));
    auto notes = faults.take(store::RevocationNotes::open(revocation_notes_file(config.data_dir)));
    if (notes) out.notes = std::move(*notes);
  }
  auto database =
      faults.take(in_memory ? store::open_sqlite(":memory:") : open_database(config, &log));
  if (!database || !proper) return;
  out.repository = std::move(*database);
  auto vault =
      faults.take(control::open_vault(*out.repository, keys->front(), std::span(*keys).subspan(1)));
  if (vault) out.vault = std::move(*vault);
}

void check_tls(const Config& config, Faults& faults) {
  if (config.tls_certificate.empty() != config.tls_key.empty()) {
    faults.check(fail(ErrorCode::invalid_argument,
                      "TLS needs both a certificate file and a key file; one is missing.",
                      "Give both --tls-cert and --tls-key, or neither."));
    return;
  }
  if (config.tls_certificate.empty()) return;
  const auto certificate = check_readable("TLS certificate file", config.tls_certificate);
  const auto key = check_readable("TLS key file", config.tls_key);
  faults.check(certificate);
  faults.check(key);
  if (!certificate || !key) return;
  const auto context = io::TlsContext::server(config.tls_certificate, config.tls_key);
  if (context) return;
  faults.check(std::unexpected(context.error()),
               "Give the certificate chain in PEM form with --tls-cert, and the private key that "
               "belongs to it with --tls-key.");
}

void check_upstream_ca(const Config& config, Faults& faults) {
  if (config.upstream_ca_file.empty()) return;
  const auto readable = check_readable("CA file", config.upstream_ca_file);
  faults.check(readable);
  if (!readable) return;
  const auto context = io::TlsContext::client(config.upstream_ca_file);
  if (context) return;
  faults.check(std::unexpected(context.error()),
               "Give certificates in PEM form with --upstream-ca-file, or leave it out.");
}

std::vector<std::shared_ptr<const catalog::ToolCatalog>> check_named(const Config& config,
                                                                     Faults& faults) {
  check_tls(config, faults);
  check_upstream_ca(config, faults);
  auto catalogs =
      faults.take(load_integrations(config.integrations_dir,
                                    {.allow_loopback = config.allow_loopback_upstreams}),
                  "Name a folder of integrations with --integrations, or leave it out.");
  return catalogs ? std::move(*catalogs)
                  : std::vector<std::shared_ptr<const catalog::ToolCatalog>>();
}

}  // namespace

std::vector<Error> configuration_faults(const Config& config) {
  Faults faults;
  static_cast<void>(check_named(config, faults));
  return std::move(faults).all();
}

Result<Foundations> lay_foundations(const Config& config, bool in_memory,
                                    const telemetry::Log& log) {
  Faults faults;
  Foundations out;
  {
    io::Runtime runtime({.loops = 1});
    faults.check(http::Server::try_port(runtime, config.address, config.port));
  }
  out.catalogs = check_named(config, faults);
  open_kept(config, in_memory, log, faults, out);
  if (faults.any()) return std::unexpected(faults.told());
  return out;
}

Result<Foundations> open_data(const Config& config, const telemetry::Log& log) {
  Faults faults;
  Foundations out;
  open_kept(config, false, log, faults, out);
  if (faults.any()) return std::unexpected(faults.told());
  return out;
}

}  // namespace patchbay::app
