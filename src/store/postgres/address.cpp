#include "store/postgres/address.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string_view>
#include <system_error>

#include <libpq-fe.h>

#include "base/text.h"

namespace patchbay::store::postgres {
namespace {

// What counts where the URL does not say.
//
// A server that vanished without a word is found out by TCP: 10 + 3 x 5 = 25 s without an answer on
// an idle connection, 10 s for what was sent and not taken.
constexpr std::pair<std::string_view, std::string_view> kDefaults[] = {
    {"target_session_attrs", "read-write"},
    {"application_name", "patchbay"},
    {"client_encoding", "UTF8"},
    {"keepalives_idle", "10"},
    {"keepalives_interval", "5"},
    {"keepalives_count", "3"},
    {"tcp_user_timeout", "10000"},
};

std::unexpected<Error> unreadable() {
  return fail(
      ErrorCode::invalid_argument, "The URL of the database cannot be read.",
      "Write it as postgresql://user:password@host:5432/database. Characters like / @ : ? # "
      "in a password are written percent-encoded: %2F %40 %3A %3F %23.");
}

// A password with a raw '@' or '/' ends early, and what is left of it becomes a host, a port or a
// name, which errors quote. So the one raw '@' is the end of user and password.
bool says_where_the_password_ends(std::string_view after_scheme) {
  const auto at = after_scheme.find('@');
  return at == std::string_view::npos ||
         (after_scheme.find('@', at + 1) == std::string_view::npos && after_scheme.find('/') > at);
}

bool is_host(std::string_view text) {
  if (text.starts_with('/')) return !text.contains('@');  // the folder of a socket
  return std::ranges::all_of(text, [](char c) {
    const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    const bool is_foreign = static_cast<unsigned char>(c) >= 0x80;
    return is_letter || is_foreign || (c >= '0' && c <= '9') ||
           std::string_view(".-_:%").contains(c);
  });
}

bool is_port(std::string_view text) {
  if (text.empty()) return true;  // the usual one
  const auto port = parse_int64(text);
  return port && *port >= 1 && *port <= 65'535;
}

bool fits(std::string_view keyword, std::string_view value) {
  if (keyword == "port") return std::ranges::all_of(split(value, ','), is_port);
  if (keyword == "host" || keyword == "hostaddr") {
    return std::ranges::all_of(split(value, ','), is_host);
  }
  return true;
}

// What errors may tell as it stands.
bool is_told(std::string_view keyword) {
  constexpr std::string_view kTold[] = {"host", "hostaddr", "port", "dbname", "user"};
  return std::ranges::find(kTold, keyword) != std::end(kTold);
}

// A socket, or an address that does not leave this machine. Empty: libpq's default, a socket.
bool is_this_host(std::string_view host) {
  return host.empty() || host.starts_with('/') || host == "localhost" || host == "::1" ||
         (host.starts_with("127.") &&
          std::ranges::all_of(host, [](char c) { return c == '.' || (c >= '0' && c <= '9'); }));
}

// Where libpq looks by itself.
bool has_own_authorities() {
  const char* const home = std::getenv("HOME");  // NOLINT(concurrency-mt-unsafe): nobody sets it
  std::error_code error;
  return home != nullptr &&
         std::filesystem::exists(std::string(home) + "/.postgresql/root.crt", error);
}

// Whose certificates the system goes by. libpq knows from 16 on; before, files of distributions.
std::string_view authorities_of_the_system() {
  constexpr int kKnowsSystem = 160'000;
  if (PQlibVersion() >= kKnowsSystem) return "system";
  constexpr std::string_view kFiles[] = {
      "/etc/ssl/certs/ca-certificates.crt",  // Debian, Ubuntu
      "/etc/pki/tls/certs/ca-bundle.crt",    // Fedora, RHEL
      "/etc/ssl/cert.pem",                   // Alpine
  };
  for (const std::string_view file : kFiles) {
    std::error_code error;
    if (std::filesystem::exists(file, error)) return file;
  }
  return {};
}

void replace_all(std::string& text, std::string_view what, std::string_view with) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
}

}  // namespace

Result<Address> Address::parse(const Secret& url, std::chrono::seconds connect_timeout) {
  const std::string text(url.reveal());
  if (!text.starts_with("postgresql://") && !text.starts_with("postgres://")) return unreadable();
  const std::string_view after_scheme = std::string_view(text).substr(text.find("://") + 3);
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20; };
  if (!says_where_the_password_ends(after_scheme) || std::ranges::any_of(text, is_control)) {
    return unreadable();
  }
  char* reason = nullptr;  // quotes parts of the URL: not told
  const std::unique_ptr<PQconninfoOption, void (*)(PQconninfoOption*)> options(
      PQconninfoParse(text.c_str(), &reason), PQconninfoFree);
  PQfreemem(reason);
  if (!options) return unreadable();

  Address address;
  for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
    if (option->val == nullptr) continue;
    if (!fits(option->keyword, option->val)) return unreadable();
    address.settings_.emplace_back(option->keyword, Secret(option->val));
    if (*option->val == '\0') continue;
    // Those that libpq does not show.
    if (std::string_view(option->dispchar) == "*") {
      address.secrets_.emplace_back(option->val);
    } else if (!is_told(option->keyword)) {
      address.untold_.emplace_back("\"" + std::string(option->val) + "\"");
    }
  }
  for (const auto& [keyword, value] : kDefaults) address.add(keyword, value);
  address.add("connect_timeout", std::to_string(connect_timeout.count()));
  address.verify_other_hosts();
  return address;
}

void Address::add(std::string_view keyword, std::string_view value) {
  const bool there =
      std::ranges::any_of(settings_, [&](const auto& setting) { return setting.first == keyword; });
  if (!there) settings_.emplace_back(keyword, Secret(std::string(value)));
}

std::string Address::said(std::string_view keyword, const char* variable) const {
  for (const auto& [name, value] : settings_) {
    if (name == keyword) return std::string(value.reveal());
  }
  const char* const value = std::getenv(variable);  // NOLINT(concurrency-mt-unsafe): nobody sets it
  return value == nullptr ? std::string() : value;
}

// libpq takes what the server offers ("prefer"): whoever is in between offers nothing, or a
// certificate of his own.
void Address::verify_other_hosts() {
  const std::string hosts = said("host", "PGHOST");
  const std::string addresses = said("hostaddr", "PGHOSTADDR");
  const bool is_here = std::ranges::all_of(split(hosts, ','), is_this_host) &&
                       std::ranges::all_of(split(addresses, ','), is_this_host);
  if (is_here) return;
  std::string mode = said("sslmode", "PGSSLMODE");
  if (mode.empty()) {
    mode = "verify-full";
    std::erase_if(settings_, [](const auto& setting) { return setting.first == "sslmode"; });
    add("sslmode", mode);
  }
  if (mode.starts_with("verify-")) {
    if (said("sslrootcert", "PGSSLROOTCERT").empty() && !has_own_authorities()) {
      if (const std::string_view known = authorities_of_the_system(); !known.empty()) {
        add("sslrootcert", known);
      }
    }
    return;
  }
  // Its value is not told: it may be a part of a password that ended early.
  unverified_ =
      "The database is another host's, and its URL says sslmode without verification: whoever is "
      "in "
      "between can read and change everything. sslmode=verify-full, the default, verifies it.";
}

std::string Address::without_secrets(std::string text) const {
  for (const Secret& secret : secrets_) replace_all(text, secret.reveal(), "***");
  for (const std::string& quoted : untold_) replace_all(text, quoted, "\"***\"");
  return text;
}

}  // namespace patchbay::store::postgres
