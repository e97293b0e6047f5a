#include "app/application.h"

#include <filesystem>
#include <fstream>
#include <span>

#include <fmt/format.h>
#include <sys/stat.h>

#include "admin/api.h"
#include "app/expiry_timer.h"
#include "app/integrations.h"
#include "app/memory.h"
#include "app/operation_routes.h"
#include "app/request_metrics.h"
#include "app/version.h"
#include "audit/journal.h"
#include "base/shares.h"
#include "base/text.h"
#include "control/open_vault.h"
#include "gateway/gateway.h"
#include "http/client.h"
#include "http/response_head.h"
#include "http/router.h"
#include "http/server.h"
#include "io/runtime.h"
#include "mcp/conformance/fixture_registry.h"
#include "mcp/endpoint.h"
#include "servers/minted_server_registry.h"
#include "store/repository.h"
#include "telemetry/watch.h"
#include "upstream/account.h"
#include "vault/vault.h"

namespace patchbay::app {

namespace {

// What clients reach the server by, without a slash at the end.
std::string base_url(const Config& config, std::uint16_t port) {
  std::string url = config.public_url;
  if (url.empty()) {
    const bool everywhere = config.address == "0.0.0.0" || config.address == "::";
    std::string host = everywhere ? "localhost" : config.address;
    if (host.find(':') != std::string::npos) host = "[" + host + "]";
    url = fmt::format("{}://{}:{}", config.tls_certificate.empty() ? "http" : "https", host, port);
  }
  while (url.ends_with('/')) url.pop_back();
  return url;
}

// What blocks a thread, each with threads of its own, so that upstreams that hang and names that
// nobody answers for leave those of the database alone. A thread that waits costs some kilobytes.
constexpr std::size_t kMostProbes = 16;
constexpr std::size_t kMostLookUps = 16;
constexpr std::size_t kThreadsForWork = 4;

// Off the loop: it writes to the database.
io::Task<> mark_needs_reauth(io::Runtime& runtime, control::ControlPlane& control,
                             std::string account_id) {
  co_await runtime.run_blocking([&control, &account_id] {
    control.mark_needs_reauth(account_id, "The upstream refused the credentials during a call.");
    return true;
  });
}

}  // namespace

// Order is lifetime: what stands lower uses what stands higher, and goes first.
struct Application::Impl {
  Impl(ApplicationOptions chosen, const Clock& clock_used, const telemetry::Log& log_used)
      : options(std::move(chosen)), clock(clock_used), log(log_used) {}

  ApplicationOptions options;
  const Clock& clock;
  const telemetry::Log& log;
  telemetry::Metrics metrics;
  telemetry::Watch watch{log, metrics, clock};
  std::shared_ptr<Shares> bytes = Shares::make(options.config.max_bytes_in_flight);
  std::shared_ptr<const vault::Vault> vault;
  std::unique_ptr<store::Repository> repository;
  std::unique_ptr<io::Runtime> runtime;
  std::unique_ptr<http::Client> client;
  std::unique_ptr<upstream::Sender> sender;
  std::unique_ptr<control::SnapshotHolder> snapshot;
  std::unique_ptr<control::ControlPlane> control;
  std::unique_ptr<gateway::Gateway> gateway;
  std::unique_ptr<mcp::McpEndpoint> endpoint;
  std::unique_ptr<admin::Api> api;
  RequestMetrics request_metrics{metrics};
  http::Router router;
  std::unique_ptr<http::Server> server;
  std::unique_ptr<ExpiryTimer> expiry;
  std::optional<vault::Token> first_token;
  std::string url;
  bool stopped = false;

  Result<> open_store();
  Result<> open_control();
  Result<> listen();
  http::BodyVerdict judge_body(const http::OriginPolicy& places, const http::Request& request);
  std::unique_ptr<mcp::ServerRegistry> make_server_registry();
  Result<> probe(std::shared_ptr<const upstream::Account> account);
};

// The current master key first, then those that it replaced, which still open what they sealed.
Result<std::vector<Secret>> read_keys(const Config& config, const telemetry::Log& log) {
  if (!config.key.empty()) return std::vector{config.key};
  if (config.key_file.empty()) {
    return fail(ErrorCode::invalid_argument,
                "There is no master key, and credentials are never stored unsealed.",
                "Make one with `patchbay key new patchbay.key`, then start with "
                "`--key-file patchbay.key` (or set PATCHBAY_KEY).");
  }
  std::ifstream file(config.key_file);
  if (struct stat status{}; ::stat(config.key_file.c_str(), &status) == 0 &&
                            (status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    log.write(telemetry::Level::warning,
              "The key file can be read by others than its owner; make that `chmod 600`.",
              {{"file", std::string_view(config.key_file)}});
  }
  std::vector<Secret> keys;
  for (std::string line; std::getline(file, line);) {
    if (!trim(line).empty()) keys.emplace_back(std::string(trim(line)));
  }
  if (keys.empty()) {
    return fail(ErrorCode::not_found,
                fmt::format("Cannot read the master key from '{}'.", config.key_file),
                "Make one with `patchbay key new FILE`.");
  }
  return keys;
}

Result<> Application::Impl::open_store() {
  const Config& config = options.config;
  const auto keys = read_keys(config, log);
  if (!keys) return std::unexpected(keys.error());

  std::string path = ":memory:";
  if (!options.in_memory) {
    // Sealed secrets and token hashes: nobody else's to read.
    ::umask(0077);
    std::error_code error;
    std::filesystem::create_directories(config.data_dir, error);
    if (error) {
      return fail(ErrorCode::unavailable, fmt::format("Cannot create the data folder '{}': {}.",
                                                      config.data_dir, error.message()));
    }
    path = config.data_dir + "/patchbay.db";
  }
  auto database = store::open_sqlite(path);
  if (!database) return std::unexpected(database.error());
  repository = std::move(*database);
  auto opened = control::open_vault(*repository, keys->front(), std::span(*keys).subspan(1));
  if (!opened) return std::unexpected(opened.error());
  vault = std::move(*opened);
  return {};
}

// Runs on the blocking pool; the probe itself runs on a loop, as all sending does.
Result<> Application::Impl::probe(std::shared_ptr<const upstream::Account> account) {
  Result<> outcome;
  runtime->run(runtime->loop(0),
               [&]() -> io::Task<> { outcome = co_await sender->probe(*account); });
  return outcome;
}

Result<> Application::Impl::open_control() {
  const Config& config = options.config;
  runtime = std::make_unique<io::Runtime>(io::RuntimeOptions{
      .loops = config.loops, .blocking_threads = kMostProbes + kMostLookUps + kThreadsForWork});
  client = std::make_unique<http::Client>(
      *runtime, http::ClientOptions{.ca_file = config.upstream_ca_file,
                                    .bytes = bytes,
                                    .look_ups = Shares::make(kMostLookUps)});
  sender = std::make_unique<upstream::Sender>(
      *client, upstream::SenderOptions{.allow_private_addresses = config.allow_private_upstreams});
  snapshot = std::make_unique<control::SnapshotHolder>(runtime->size());
  control = std::make_unique<control::ControlPlane>(
      *repository, vault, clock, *snapshot,
      [this](std::shared_ptr<const upstream::Account> account) {
        return probe(std::move(account));
      },
      control::ControlOptions{.least_lifetime = config.least_lifetime,
                              .most_probes = static_cast<int>(kMostProbes)});

  auto catalogs = load_integrations(config.integrations_dir,
                                    {.allow_loopback = config.allow_loopback_upstreams});
  if (!catalogs) return std::unexpected(catalogs.error());
  for (auto& catalog : *catalogs) control->set_catalog(std::move(catalog));
  const auto problems = control->load();
  if (!problems) return std::unexpected(problems.error());
  for (const std::string& problem : *problems) log.write(telemetry::Level::warning, problem);

  auto token = control->bootstrap();
  if (!token) return std::unexpected(token.error());
  first_token = std::move(*token);
  return {};
}

std::unique_ptr<mcp::ServerRegistry> Application::Impl::make_server_registry() {
  auto minted = std::make_unique<servers::MintedServerRegistry>(
      *runtime, *snapshot, *gateway, vault, clock, [this](const std::string& account_id) {
        runtime->spawn(io::Loop::current(), [this, account_id] {
          return mark_needs_reauth(*runtime, *control, account_id);
        });
      });
  snapshot->on_change([this, calls = minted.get()] {
    calls->look_again();
    endpoint->look_again();
  });
  if (!options.config.conformance_fixtures) return minted;
  return std::make_unique<mcp::conformance::FixtureRegistry>("conformance-fixtures",
                                                             std::move(minted));
}

http::Response host_refused() {
  return http::Response::json(
      403, http::error_body("host_not_allowed", "This Host is not served here."));
}

// Before a body is read: whose it is, and whether anybody wants it.
http::BodyVerdict Application::Impl::judge_body(const http::OriginPolicy& places,
                                                const http::Request& request) {
  const auto host = request.headers.find("Host").value_or("");
  auto verdict = !places.allows_host(host) ? http::BodyVerdict{.refused = host_refused()}
                 : mcp::McpEndpoint::is_place(request.path) ? endpoint->judge_body(request)
                                                            : api->judge_body(request);
  if (verdict.refused) request_metrics.count(request.path, verdict.refused->status);
  return verdict;
}

io::Task<http::Response> refuse_host() {
  co_return host_refused();
}

Result<> Application::Impl::listen() {
  const Config& config = options.config;
  gateway = std::make_unique<gateway::Gateway>(
      *runtime, *sender, clock, vault->derive("cursors"),
      gateway::GatewayOptions{
          .upstream_timeout = config.upstream_timeout,
          .repeat_window = config.repeat_window,
          .throttle = {.at_once = config.account_concurrency},
          .journal = std::make_shared<audit::Journal>(*repository, vault, clock),
          // Base64 makes a third more of a file, and the rest of the request needs its room.
          .max_upload_bytes = config.max_body_bytes / 3 * 2});
  auto places = http::OriginPolicy::make(config.allowed_origins, config.allowed_hosts);
  if (!places) return std::unexpected(std::move(places.error()));
  endpoint = std::make_unique<mcp::McpEndpoint>(
      make_server_registry(), vault, clock, log,
      mcp::EndpointOptions{.server_version = std::string(kVersion),
                           .places = *places,
                           .bytes = bytes,
                           .watch = &watch});
  endpoint->add_routes(router);
  add_operation_routes(router);
  telemetry::Gauge& in_flight =
      metrics.gauge("patchbay_bytes_in_flight", "Memory of bodies and answers on their way.");
  metrics.gauge("patchbay_bytes_in_flight_limit", "As much as there may be of it.")
      .set(static_cast<std::int64_t>(bytes->in_all()));
  add_metrics_route(
      router, metrics,
      [this, &in_flight] { in_flight.set(static_cast<std::int64_t>(bytes->held())); },
      [this](std::string_view token) {
        const auto principal = control->authenticate(token);
        return principal && principal->environment_id.empty();
      });
  router.on_not_found(admin::not_found);
  router.on_method_not_allowed(admin::method_not_allowed);

  server = std::make_unique<http::Server>(
      *runtime,
      http::ServerOptions{
          .address = config.address,
          .port = config.port,
          .tls_certificate_file = config.tls_certificate,
          .tls_key_file = config.tls_key,
          .max_header_bytes = config.max_header_bytes,
          .max_body_bytes = config.max_body_bytes,
          .max_connections = config.max_connections,
          .bytes = bytes,
          .judge_body = [this, places = *places](
                            const http::Request& request) { return judge_body(places, request); },
          .log = &log,
          .watch = &watch},
      [this, places = std::move(*places)](http::Request& request) {
        const auto host = request.headers.find("Host").value_or("");
        return places.allows_host(host) ? request_metrics.answer(router, request) : refuse_host();
      });
  // Listening comes before the loops run: the URLs that the API gives out name the port, and no
  // request may find a router that is still being filled.
  if (auto started = server->start(); !started) return started;
  url = base_url(config, server->port());
  api = std::make_unique<admin::Api>(
      *runtime, *control,
      admin::ApiOptions{
          .public_url = url,
          .changed = [this](auto what, auto token, auto path) { watch.changed(what, token, path); },
          .refused =
              [this](int status, auto who, auto what) {
                watch.saw(status == 401 ? telemetry::Sight::wrong_api_token
                                        : telemetry::Sight::refused_scope,
                          who, what);
              }});
  api->add_routes(router);
  runtime->start();
  expiry = std::make_unique<ExpiryTimer>(*control, clock);
  return {};
}

Result<std::unique_ptr<Application>> Application::start(ApplicationOptions options,
                                                        const Clock& clock,
                                                        const telemetry::Log& log) {
  keep_freed_memory();
  auto impl = std::make_unique<Impl>(std::move(options), clock, log);
  if (auto opened = impl->open_store(); !opened) return std::unexpected(opened.error());
  if (auto opened = impl->open_control(); !opened) return std::unexpected(opened.error());
  if (auto listening = impl->listen(); !listening) return std::unexpected(listening.error());
  return std::unique_ptr<Application>(new Application(std::move(impl)));
}

Application::Application(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Application::~Application() {
  stop();
}

const std::string& Application::url() const {
  return impl_->url;
}
control::ControlPlane& Application::control() {
  return *impl_->control;
}
const std::optional<vault::Token>& Application::first_token() const {
  return impl_->first_token;
}

void Application::stop() {
  if (impl_->stopped) return;
  impl_->stopped = true;
  impl_->expiry.reset();
  impl_->endpoint->end_streams();
  impl_->server->stop(impl_->options.config.shutdown_grace);
  impl_->snapshot->on_change(nullptr);
  impl_->runtime->stop(std::chrono::milliseconds(500));
}

}  // namespace patchbay::app
