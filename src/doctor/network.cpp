// The port of the server, and the APIs that it calls.
#include <chrono>
#include <cstdlib>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/iso8601.h"
#include "doctor/checks.h"
#include "http/client.h"
#include "http/server.h"
#include "http/url.h"
#include "io/runtime.h"

namespace patchbay::doctor {
namespace {

constexpr std::chrono::seconds kPatience{10};

using Answer = std::expected<http::ClientResponse, http::ClientError>;

io::Task<> send(http::Client& client, http::ClientRequest request, std::optional<Answer>& answer) {
  answer = co_await client.send(std::move(request));
}

io::Task<> look_at_certificate(io::Runtime& runtime, io::TlsPeer peer,
                               std::optional<Result<io::Validity>>& validity) {
  validity = co_await io::peer_validity(runtime, std::move(peer));
}

// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 section 5.6.7).
std::optional<WallTime> read_http_date(std::string_view text) {
  constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  constexpr std::size_t kLength = 29;
  if (text.size() != kLength) return std::nullopt;
  const std::size_t month = kMonths.find(text.substr(8, 3));
  if (month == std::string_view::npos || month % 3 != 0) return std::nullopt;
  const auto time = parse_iso8601(fmt::format("{}-{:02}-{}T{}Z", text.substr(12, 4), month / 3 + 1,
                                              text.substr(5, 2), text.substr(17, 8)),
                                  TimeZone::utc());
  return time ? std::optional(*time) : std::nullopt;
}

// Where the server is reached on this machine.
std::string reached_at(const std::string& address) {
  return address == "0.0.0.0" ? "127.0.0.1" : address == "::" ? "::1" : address;
}

class Network {
 public:
  explicit Network(const app::Config& config)
      : config_(config),
        runtime_({.loops = 1, .blocking_threads = 2}),
        client_(runtime_, {.ca_file = config.upstream_ca_file}) {
    runtime_.start();
  }
  ~Network() { runtime_.stop(); }
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  Answer get(const http::Origin& origin, const std::string& target, bool own) {
    http::ClientRequest request{.origin = origin, .target = target};
    request.timeout = kPatience;
    request.allow_loopback = own || config_.allow_loopback_upstreams;
    request.allow_private_addresses = own || config_.allow_private_upstreams;
    std::optional<Answer> answer;
    runtime_.run(runtime_.loop(0), [&] { return send(client_, std::move(request), answer); });
    return std::move(*answer);
  }

  Result<io::Validity> certificate_of(const http::Origin& origin) {
    std::optional<Result<io::Validity>> validity;
    io::TlsPeer peer{.host = origin.host,
                     .port = origin.port,
                     .rules = {.allow_private = config_.allow_private_upstreams,
                               .allow_loopback = config_.allow_loopback_upstreams},
                     .ca_file = config_.upstream_ca_file,
                     .patience = kPatience};
    runtime_.run(runtime_.loop(0),
                 [&] { return look_at_certificate(runtime_, std::move(peer), validity); });
    return std::move(*validity);
  }

 private:
  const app::Config& config_;
  io::Runtime runtime_;
  http::Client client_;
};

bool check_clock(std::string_view origin, const http::ClientResponse& response,
                 Findings& findings) {
  const auto theirs = read_http_date(response.headers.find("Date").value_or(""));
  if (!theirs) return false;
  findings.push_back(skew_from(origin, *theirs, SystemClock().now()));
  return true;
}

std::string mend_of(const http::ClientError& error) {
  if (!error.error.hint.empty()) return error.error.hint;
  if (error.error.message.contains("TLS")) {
    return "If the API's certificate is of an authority of your own, name that with "
           "--upstream-ca-file.";
  }
  return "Look at name resolution, firewall and routes from this machine to it.";
}

// Whether its clock was told.
bool check_upstream(Network& network, const std::string& text, bool tells_clock,
                    Findings& findings) {
  const auto origin = http::parse_origin(text);
  if (!origin) return false;
  const Answer answer = network.get(*origin, "/", false);
  if (!answer) {
    findings.push_back({.check = "upstream",
                        .verdict = Verdict::fault,
                        .what = fmt::format("{}: {}", text, answer.error().error.message),
                        .mend = mend_of(answer.error())});
    return false;
  }
  findings.push_back(
      {.check = "upstream",
       .what = fmt::format("{} answers{}.", text,
                           origin->secure ? ", and its certificate is trusted" : "")});
  const bool told = tells_clock && check_clock(text, *answer, findings);
  if (!origin->secure) return told;
  if (const auto validity = network.certificate_of(*origin)) {
    findings.push_back(lifetime_of("certificate", origin->host, *validity, SystemClock().now()));
  }
  return told;
}

}  // namespace

void check_port(const app::Config& config, Findings& findings) {
  const std::string place = fmt::format("{}:{}", config.address, config.port);
  {
    io::Runtime runtime({.loops = 1});
    const auto is_free = http::Server::try_port(runtime, config.address, config.port);
    if (is_free) {
      findings.push_back(
          {.check = "port", .what = fmt::format("{} is free: no server runs there.", place)});
      return;
    }
    if (is_free.error().code != ErrorCode::conflict) {
      findings.push_back({.check = "port",
                          .verdict = Verdict::fault,
                          .what = is_free.error().message,
                          .mend = is_free.error().hint});
      return;
    }
  }
  Network network(config);
  const bool secure = !config.tls_certificate.empty();
  const Answer answer =
      network.get({.secure = secure, .host = reached_at(config.address), .port = config.port},
                  "/healthz", true);
  // Its certificate is of another name than this address: that it shows one is as good.
  const std::string why = answer ? "" : answer.error().error.message;
  const bool speaks_tls = secure && (why.contains("certificate") || why.contains("mismatch"));
  if (speaks_tls || (answer && answer->headers.find("Server") == "patchbay")) {
    findings.push_back({.check = "port", .what = fmt::format("A Patchbay serves at {}.", place)});
  } else {
    findings.push_back({.check = "port",
                        .verdict = Verdict::fault,
                        .what = fmt::format("Another program has {}.", place),
                        .mend = "Stop it, or give the server another --port."});
  }
}

void check_upstreams(const app::Config& config, const std::vector<std::string>& origins,
                     Findings& findings) {
  constexpr std::size_t kMost = 50;
  Network network(config);
  bool clock_told = false;  // by the first that is reached and says what time it is
  for (std::size_t at = 0; at < origins.size() && at < kMost; ++at) {
    clock_told = check_upstream(network, origins[at], !clock_told, findings) || clock_told;
  }
  if (origins.size() > kMost) {
    findings.push_back({.check = "upstream",
                        .what = fmt::format("{} more were not tried.", origins.size() - kMost)});
  }
}

}  // namespace patchbay::doctor
