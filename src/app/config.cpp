#include "app/config.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <concepts>
#include <limits>

#include <fmt/format.h>

#include "base/text.h"
#include "http/client.h"
#include "http/origin_policy.h"
#include "http/url.h"

namespace patchbay::app {
namespace {

// What is given empty was meant to be something: a variable of a script that was not set.
std::unexpected<Error> given_empty(std::string_view otherwise) {
  return fail(ErrorCode::invalid_argument,
              fmt::format("is given empty; leave it out {}", otherwise));
}

Result<> set_text(std::string& out, std::string_view text) {
  if (trim(text).empty()) return given_empty("for its default");
  out = text;
  return {};
}

// A mistyped address of a database is no name of a folder, and may have a password: not quoted.
Result<> set_folder(std::string& out, std::string_view text) {
  if (text.contains("://")) {
    return fail(ErrorCode::invalid_argument,
                "takes a folder, and not an address; the one of a database begins with "
                "postgresql:// or postgres://");
  }
  return set_text(out, text);
}

Result<> set_url(std::string& out, std::string_view text) {
  const auto url = http::parse_url(text);
  if (!url || !url->query.empty()) {
    return fail(ErrorCode::invalid_argument,
                fmt::format("takes an address like https://mcp.example.com, not '{}'", text));
  }
  return set_text(out, text);
}

// Traces tell much of what is done here: not in clear text to another machine.
Result<> set_collector(std::string& out, std::string_view text) {
  const auto url = http::parse_url(text);
  const bool here = url && (url->origin.host == "localhost" || url->origin.host == "127.0.0.1" ||
                            url->origin.host == "::1");
  if (!url || !url->query.empty() || (!url->origin.secure && !here)) {
    return fail(ErrorCode::invalid_argument,
                fmt::format("takes an address like https://otel.example.com or "
                            "http://127.0.0.1:4318, not '{}'",
                            text));
  }
  return set_text(out, text);
}

Result<> set_ratio(double& out, std::string_view text) {
  double ratio = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), ratio);
  if (error != std::errc() || end != text.data() + text.size() || !(ratio >= 0 && ratio <= 1)) {
    return fail(ErrorCode::invalid_argument,
                fmt::format("takes a number from 0 to 1, as 0.1, not '{}'", text));
  }
  out = ratio;
  return {};
}

template <class Number>
Result<> set_number(Number& out, std::string_view text, std::int64_t least, std::int64_t most) {
  const auto number = parse_int64(text);
  if (!number || *number < least || *number > most) {
    return fail(ErrorCode::invalid_argument,
                fmt::format("takes a whole number from {} to {}, not '{}'", least, most, text));
  }
  out = static_cast<Number>(*number);
  return {};
}

Result<> set_seconds(std::chrono::seconds& out, std::string_view text, std::int64_t most,
                     std::int64_t least = 1) {
  std::int64_t seconds = 0;
  if (auto set = set_number(seconds, text, least, most); !set) return set;
  out = std::chrono::seconds(seconds);
  return {};
}

Result<> set_notice(std::chrono::seconds& out, std::string_view text) {
  if (trim(text) == "0") return out = std::chrono::seconds(0), Result<>{};
  return set_seconds(out, text, 604'800, 60);
}

Result<> set_switch(bool& out, std::string_view text) {
  for (const std::string_view yes : {"true", "1", "yes", "on"}) {
    if (equal_ignoring_case(text, yes)) return out = true, Result<>{};
  }
  for (const std::string_view no : {"false", "0", "no", "off"}) {
    if (equal_ignoring_case(text, no)) return out = false, Result<>{};
  }
  return fail(ErrorCode::invalid_argument, fmt::format("takes true or false, not '{}'", text));
}

// `otherwise`: what leaving it out is for.
Result<> set_list(std::vector<std::string>& out, std::string_view text,
                  std::string_view otherwise) {
  out.clear();
  for (const std::string_view part : split(text, ',')) {
    if (const auto item = trim(part); !item.empty()) out.emplace_back(item);
  }
  if (out.empty()) return given_empty(otherwise);
  return {};
}

// Never shown again: it has a password, as a rule.
Result<> set_database(Secret& out, std::string_view text) {
  if (trim(text).empty()) return given_empty("for a file in the data folder");
  if (!text.starts_with("postgresql://") && !text.starts_with("postgres://")) {
    return fail(ErrorCode::invalid_argument,
                "takes the address of a PostgreSQL database, like "
                "postgresql://patchbay@db.example.com/patchbay");
  }
  out = Secret(std::string(trim(text)));
  return {};
}

// Said where it was written, and not at the first request.
Result<> checked(Result<http::OriginPolicy> policy) {
  if (policy) return {};
  return fail(policy.error().code, "takes places, and " + policy.error().message);
}

Result<> set_ranges(std::vector<IpRange>& out, std::string_view text, std::string_view otherwise) {
  std::vector<std::string> words;
  if (auto set = set_list(words, text, otherwise); !set) return set;
  out.clear();
  for (const std::string& word : words) {
    const auto range = IpRange::parse(word);
    if (!range) {
      return fail(ErrorCode::invalid_argument,
                  "takes addresses and ranges, and " + range.error().message, range.error().hint);
    }
    out.push_back(*range);
  }
  return {};
}

Result<> set_level(telemetry::Level& out, std::string_view text) {
  using enum telemetry::Level;
  constexpr std::array<std::pair<std::string_view, telemetry::Level>, 4> kLevels{
      {{"debug", debug}, {"info", info}, {"warning", warning}, {"error", error}}};
  for (const auto& [name, level] : kLevels) {
    if (equal_ignoring_case(text, name)) return out = level, Result<>{};
  }
  return fail(ErrorCode::invalid_argument,
              fmt::format("takes debug, info, warning or error, not '{}'", text));
}

template <auto member>
bool same(const Config& a, const Config& b) {
  if constexpr (std::same_as<decltype(member), Secret Config::*>) {
    return equal_in_constant_time((a.*member).reveal(), (b.*member).reveal());
  } else {
    return a.*member == b.*member;
  }
}

template <auto member>
constexpr Change kAtRunTime{.at_run_time = true, .same = &same<member>};
template <auto member>
constexpr Change kAtStart{.at_run_time = false, .same = &same<member>};

constexpr std::int64_t kMebibyte = 1'048'576;

// The order is that of --help: what a newcomer sets first comes first.
const auto kOptions = std::to_array<Option>({
    {"address", "ADDRESS", "Address to listen on. Default 127.0.0.1; 0.0.0.0 for all.", kAtStart<&Config::address>,
     [](Config& c, std::string_view t) { return set_text(c.address, t); }},
    {"port", "PORT", "Port to listen on; 0 takes any free one. Default 8080.", kAtStart<&Config::port>,
     [](Config& c, std::string_view t) {
       return set_number(c.port, t, 0, std::numeric_limits<std::uint16_t>::max());
     }},
    {"public-url", "URL",
     "What clients reach this server by, behind a reverse proxy: the start of every MCP URL. "
     "Default http://ADDRESS:PORT.", kAtStart<&Config::public_url>,
     [](Config& c, std::string_view t) { return set_url(c.public_url, t); }},
    {"data-dir", "DIR", "Where the database lives. Default ./patchbay-data.", kAtStart<&Config::data_dir>,
     [](Config& c, std::string_view t) { return set_folder(c.data_dir, t); }},
    {"database", "URL",
     "A PostgreSQL database, which several servers may share, as "
     "postgresql://user:password@host/name. Default: a file in the data folder.", kAtStart<&Config::database>,
     [](Config& c, std::string_view t) { return set_database(c.database, t); }},
    {"key-file", "FILE",
     "File with the master key that seals credentials and cursors (make one with "
     "`patchbay key new FILE`). Without a key the server does not start.", kAtStart<&Config::key_file>,
     [](Config& c, std::string_view t) { return set_text(c.key_file, t); }},
    {"key", "KEY", "The master key itself, instead of a file. Environment only.", kAtStart<&Config::key>,
     [](Config& c, std::string_view t) {
       if (trim(t).empty()) return Result<>(given_empty("to read the file of --key-file"));
       c.key = Secret(std::string(t));
       return Result<>{};
     },
     false, true},
    {"integrations", "DIR",
     "Folder of integrations, one folder each; adds to the built-in ones or replaces them by name.", kAtStart<&Config::integrations_dir>,
     [](Config& c, std::string_view t) { return set_text(c.integrations_dir, t); }},
    {"tls-cert", "FILE", "Certificate chain (PEM) to serve HTTPS with. Default: plain HTTP.", kAtRunTime<&Config::tls_certificate>,
     [](Config& c, std::string_view t) { return set_text(c.tls_certificate, t); }},
    {"tls-key", "FILE", "Private key (PEM) of the certificate.", kAtRunTime<&Config::tls_key>,
     [](Config& c, std::string_view t) { return set_text(c.tls_key, t); }},
    {"allowed-origins", "LIST",
     "Web origins, comma-separated, whose pages may call MCP servers; localhost always may. "
     "Default: none.", kAtRunTime<&Config::allowed_origins>,
     [](Config& c, std::string_view t) {
       if (auto set = set_list(c.allowed_origins, t, "to allow none"); !set) return set;
       return checked(http::OriginPolicy::make(c.allowed_origins, {}));
     },
     true},
    {"allowed-hosts", "LIST",
     "Host names, comma-separated, that requests may be addressed to. Default: any.", kAtRunTime<&Config::allowed_hosts>,
     [](Config& c, std::string_view t) {
       if (auto set = set_list(c.allowed_hosts, t, "to allow any"); !set) return set;
       return checked(http::OriginPolicy::make({}, c.allowed_hosts));
     },
     true},
    {"trusted-proxies", "LIST",
     "Addresses and ranges, comma-separated, of reverse proxies whose X-Forwarded-For tells whose "
     "request it is. Default: none, and the peer is the client.", kAtStart<&Config::trusted_proxies>,
     [](Config& c, std::string_view t) {
       return set_ranges(c.trusted_proxies, t, "to trust none");
     },
     true},
    {"allow-private-upstreams", "",
     "Allow accounts whose host resolves to a private address, as on-premises servers do. "
     "Default: refused.", kAtRunTime<&Config::allow_private_upstreams>,
     [](Config& c, std::string_view t) { return set_switch(c.allow_private_upstreams, t); }},
    {"allow-loopback-upstreams", "",
     "Allow accounts on this machine over plain http, such as `patchbay sandbox`. "
     "Default: refused.", kAtStart<&Config::allow_loopback_upstreams>,
     [](Config& c, std::string_view t) { return set_switch(c.allow_loopback_upstreams, t); }},
    {"upstream-ca-file", "FILE",
     "Certificates (PEM) to trust for upstreams, beside the system's. Default: none.", kAtRunTime<&Config::upstream_ca_file>,
     [](Config& c, std::string_view t) { return set_text(c.upstream_ca_file, t); }},
    {"upstream-timeout", "SECONDS", "Longest wait for one upstream answer, 1 to 300. Default 60.", kAtRunTime<&Config::upstream_timeout>,
     [](Config& c, std::string_view t) { return set_seconds(c.upstream_timeout, t, 300); }},
    {"repeat-window", "SECONDS",
     "How long after an answer that did not reach its client the same write is answered with the "
     "first outcome, 0 (never) to 600. Default 60.", kAtRunTime<&Config::repeat_window>,
     [](Config& c, std::string_view t) { return set_seconds(c.repeat_window, t, 600, 0); }},
    {"account-concurrency", "COUNT",
     "Requests on their way to one account's API at the same time, 1 to 256; more wait. Default 4.", kAtRunTime<&Config::account_concurrency>,
     [](Config& c, std::string_view t) { return set_number(c.account_concurrency, t, 1, 256); }},
    {"max-body-bytes", "BYTES", "Largest request body; more is refused with 413. Default 1048576.", kAtRunTime<&Config::max_body_bytes>,
     [](Config& c, std::string_view t) {
       return set_number(c.max_body_bytes, t, 1024, 256 * kMebibyte);
     }},
    {"max-header-bytes", "BYTES", "Largest request head; more is refused with 431. Default 32768.", kAtRunTime<&Config::max_header_bytes>,
     [](Config& c, std::string_view t) {
       return set_number(c.max_header_bytes, t, 1024, kMebibyte);
     }},
    {"max-connections", "COUNT",
     "Connections per event loop; more are refused with 503. Default 10000.", kAtRunTime<&Config::max_connections>,
     [](Config& c, std::string_view t) { return set_number(c.max_connections, t, 1, 1'000'000); }},
    {"max-bytes-in-flight", "BYTES",
     "Memory for bodies and answers on their way, of all clients together, 16777216 to 1 TiB; no "
     "client has more than half, and more is refused with 503. Default 268435456, or less where a "
     "control group leaves less memory.", kAtRunTime<&Config::max_bytes_in_flight>,
     [](Config& c, std::string_view t) {
       return set_number(c.max_bytes_in_flight, t, 16 * kMebibyte, kMebibyte * kMebibyte);
     }},
    {"server-memory", "BYTES",
     "Memory for MCP servers and API tokens that were used, 1048576 to 1 TiB; what was used least "
     "recently is read again when it is needed. Default 67108864.", kAtRunTime<&Config::server_memory>,
     [](Config& c, std::string_view t) {
       return set_number(c.server_memory, t, kMebibyte, kMebibyte * kMebibyte);
     }},
    {"max-unconfirmed", "SECONDS",
     "How long this server goes by what it has in memory while it hears nothing of a shared "
     "database, 1 to 60; then it asks before it serves. Default 5.", kAtStart<&Config::max_unconfirmed>,
     [](Config& c, std::string_view t) { return set_seconds(c.max_unconfirmed, t, 60); }},
    {"serve-without-database", "SECONDS",
     "How long it goes on serving what it knows while a shared database does not answer, 0 to "
     "86400. Default 60.", kAtStart<&Config::serve_without_database>,
     [](Config& c, std::string_view t) {
       return set_seconds(c.serve_without_database, t, 86'400, 0);
     }},
    {"expiry-notice", "SECONDS",
     "How long before an MCP server expires webhooks are told that it soon will, 60 to 604800; 0 "
     "for never. Default 86400.", kAtRunTime<&Config::expiry_notice>,
     [](Config& c, std::string_view t) { return set_notice(c.expiry_notice, t); }},
    {"shutdown-grace", "SECONDS",
     "How long running calls may take to finish when the server stops. Default 10.", kAtRunTime<&Config::shutdown_grace>,
     [](Config& c, std::string_view t) { return set_seconds(c.shutdown_grace, t, 3600); }},
    {"loops", "COUNT", "Event loops; 0 is one per core. Default 0.", kAtStart<&Config::loops>,
     [](Config& c, std::string_view t) { return set_number(c.loops, t, 0, 1024); }},
    {"conformance-fixtures", "",
     "Serve the fixtures of the MCP conformance suite, which hold no data, to anybody at "
     "/mcp/conformance-fixtures. For tests. Default: off.", kAtStart<&Config::conformance_fixtures>,
     [](Config& c, std::string_view t) { return set_switch(c.conformance_fixtures, t); }},
    {"least-lifetime", "SECONDS",
     "Shortest lifetime that an MCP server may be given, 1 to 60. For tests. Default 60.", kAtStart<&Config::least_lifetime>,
     [](Config& c, std::string_view t) { return set_seconds(c.least_lifetime, t, 60); }},
    {"otlp-endpoint", "URL",
     "Collector that traces are sent to by OTLP/HTTP, as http://127.0.0.1:4318; plain http to this "
     "machine only. Default: none are recorded.",
     kAtStart<&Config::otlp_endpoint>,
     [](Config& c, std::string_view t) { return set_collector(c.otlp_endpoint, t); }},
    {"otlp-headers-file", "FILE",
     "File with headers that the collector is sent, such as an API key: a line each, as "
     "`Name: value`. Default: none.",
     kAtStart<&Config::otlp_headers_file>,
     [](Config& c, std::string_view t) { return set_text(c.otlp_headers_file, t); }},
    {"otlp-headers", "HEADERS",
     "The headers themselves, instead of a file, as name=value,name=value with values "
     "percent-encoded. In the environment or the configuration file, never as a flag.",
     kAtStart<&Config::otlp_headers>,
     [](Config& c, std::string_view t) {
       if (trim(t).empty()) return Result<>(given_empty("to send none"));
       c.otlp_headers = Secret(std::string(t));
       return Result<>{};
     },
     false, true},
    {"trace-sample", "RATIO",
     "Part of the requests that are traced, 0 to 1, where the caller's traceparent does not decide. "
     "Default 1.",
     kAtRunTime<&Config::trace_sample>,
     [](Config& c, std::string_view t) { return set_ratio(c.trace_sample, t); }},
    {"log-level", "LEVEL", "Least level of log lines: debug, info, warning, error. Default info.", kAtRunTime<&Config::log_level>,
     [](Config& c, std::string_view t) { return set_level(c.log_level, t); }},
});

std::string variable_name(std::string_view option) {
  std::string name = "PATCHBAY_";
  for (const char c : option) {
    name += c == '-' ? '_' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  }
  return name;
}

}  // namespace

std::span<const Option> options() {
  return kOptions;
}

std::string variable_of(const Option& option) {
  return variable_name(option.name);
}

const Option* find_option(std::string_view name) {
  std::string wanted(name);
  std::ranges::replace(wanted, '_', '-');
  const auto* const found = std::ranges::find(kOptions, wanted, &Option::name);
  return found == kOptions.end() ? nullptr : found;
}

void read_environment(Config& config,
                      const std::function<const char*(const std::string&)>& get_variable,
                      Faults& faults) {
  for (const Option& option : kOptions) {
    const std::string name = variable_name(option.name);
    const char* const text = get_variable(name);
    if (text == nullptr) continue;
    if (auto set = option.set(config, text); !set) {
      faults.add({set.error().code, name + " " + set.error().message, set.error().hint});
    }
  }
}

std::vector<std::string> unknown_variables(const char* const* environment) {
  // Of other commands, and of the tests.
  constexpr std::array<std::string_view, 6> kOthers{"PATCHBAY_CONFIG",    "PATCHBAY_MCP_URL",
                                                    "PATCHBAY_URL",       "PATCHBAY_PROFILE",
                                                    "PATCHBAY_API_TOKEN", "PATCHBAY_BIN"};
  std::vector<std::string> unknown;
  for (; *environment != nullptr; ++environment) {
    const std::string_view entry = *environment;
    const std::string_view name = entry.substr(0, entry.find('='));
    if (!name.starts_with("PATCHBAY_") || std::ranges::find(kOthers, name) != kOthers.end())
      continue;
    const bool known = std::ranges::any_of(
        kOptions, [&](const Option& option) { return variable_name(option.name) == name; });
    if (!known) unknown.emplace_back(name);
  }
  return unknown;
}

}  // namespace patchbay::app
