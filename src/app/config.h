// What an operator can set, in one table: `patchbay serve --help`, the environment, the
// configuration file and docs/operations.md all come from it. Rising order: file, environment,
// flags.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/faults.h"
#include "base/error.h"
#include "base/ip_address.h"
#include "base/secret.h"
#include "telemetry/log.h"

namespace patchbay::app {

struct Config {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8080;
  std::string public_url;  // empty: http://<address>:<port>
  std::string data_dir = "patchbay-data";
  Secret database;  // empty: a file in data_dir
  Secret key;
  std::string key_file;
  std::string integrations_dir;
  std::string tls_certificate;
  std::string tls_key;
  telemetry::Level log_level = telemetry::Level::info;
  std::size_t loops = 0;
  std::vector<std::string> allowed_origins;
  std::vector<std::string> allowed_hosts;
  std::vector<IpRange> trusted_proxies;
  std::size_t max_body_bytes = 1024 * 1024;
  std::size_t max_header_bytes = 32 * 1024;
  std::size_t max_connections = 10'000;
  std::size_t max_bytes_in_flight = 256 * 1024 * 1024;
  std::size_t server_memory = 64 * 1024 * 1024;
  std::chrono::seconds max_unconfirmed{5};
  std::chrono::seconds serve_without_database{60};
  std::chrono::seconds upstream_timeout{60};
  std::chrono::seconds repeat_window{60};
  int account_concurrency = 4;
  std::chrono::seconds shutdown_grace{10};
  bool allow_private_upstreams = false;
  bool allow_loopback_upstreams = false;
  std::string upstream_ca_file;
  std::string otlp_endpoint;  // empty: traces are not recorded
  Secret otlp_headers;        // collector.h
  std::string otlp_headers_file;
  double trace_sample = 1;
  bool conformance_fixtures = false;
  std::chrono::seconds expiry_notice{86'400};
  std::chrono::seconds least_lifetime{60};  // of an MCP server with an expiry
};

// When a change of a setting holds, and how one is known.
struct Change {
  bool at_run_time;  // else with the next start
  bool (*same)(const Config&, const Config&);
};

// One setting. Its flag is --<name>, its variable PATCHBAY_<NAME>, its key in the file <name>, with
// '-' and '_' as each place wants them.
struct Option {
  std::string_view name;
  std::string_view value;  // what it takes, for help: "PORT"; "" for a switch
  std::string_view help;   // what it does, its unit, its default
  Change change;           // no default: a new setting says what it does
  Result<> (*set)(Config&, std::string_view text);
  bool is_list = false;  // takes several, comma-separated; in the file also as a list
  bool secret = false;   // not as a flag: arguments are visible to every process of the machine
};

std::span<const Option> options();
// The variable that sets it: "PATCHBAY_PORT".
std::string variable_of(const Option& option);
const Option* find_option(std::string_view name);

// Faults name the place (file and line, variable) and say what is accepted. The settings that have
// none are set all the same.
void read_config_file(Config& config, const std::string& path, Faults& faults);
void read_environment(Config& config,
                      const std::function<const char*(const std::string&)>& get_variable,
                      Faults& faults);
// Variables that begin with PATCHBAY_ and are no setting: probably a slip of the pen.
std::vector<std::string> unknown_variables(const char* const* environment);

}  // namespace patchbay::app
