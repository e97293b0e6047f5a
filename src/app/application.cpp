#include "app/application.h"

#include <atomic>

#include <fmt/format.h>

#include "admin/api.h"
#include "admin/authentication.h"
#include "app/admin_api.h"
#include "app/audit_journal.h"
#include "app/call_metrics.h"
#include "app/collector.h"
#include "app/expiry_timer.h"
#include "app/first_token.h"
#include "app/foundations.h"
#include "app/gauges.h"
#include "app/inquiries.h"
#include "app/machine_bounds.h"
#include "app/memory.h"
#include "app/operation_routes.h"
#include "app/public_url.h"
#include "app/refused_credentials.h"
#include "app/request_metrics.h"
#include "app/sign_in_link.h"
#include "app/spare_memory.h"
#include "app/store_watch.h"
#include "app/threads.h"
#include "app/use_keeper.h"
#include "app/version.h"
#include "audit/journal.h"
#include "base/random.h"
#include "base/replaceable.h"
#include "base/shares.h"
#include "control/approvals.h"
#include "control/grants.h"
#include "control/webhooks.h"
#include "dashboard/pages.h"
#include "dashboard/routes.h"
#include "gateway/call/longest_call.h"
#include "gateway/gateway.h"
#include "http/client.h"
#include "http/response_head.h"
#include "http/router.h"
#include "http/server.h"
#include "io/runtime.h"
#include "mcp/conformance/fixture_registry.h"
#include "mcp/endpoint.h"
#include "otlp/exporter.h"
#include "servers/account_tools.h"
#include "servers/minted_server_registry.h"
#include "telemetry/trace.h"
#include "telemetry/watch.h"
#include "upstream/account.h"
#include "vault/vault.h"
#include "webhooks/courier.h"

namespace patchbay::app {

namespace {

// Base64 makes a third more of a file, and the rest of the request needs its room.
std::size_t upload_bytes(const Config& config) {
  return config.max_body_bytes / 3 * 2;
}

// Webhooks go no further than accounts do.
webhooks::Reach reach_of(const Config& config) {
  return {.private_addresses = config.allow_private_upstreams,
          .loopback = config.allow_loopback_upstreams};
}

// So often the time that was seen is kept.
constexpr std::chrono::milliseconds kKeepTime{60'000};

}  // namespace

// Order is lifetime: what stands lower uses what stands higher, and goes first.
struct Application::Impl {
  Impl(ApplicationOptions chosen, const Clock& clock_used, telemetry::Log& log_used)
      : options(std::move(chosen)), clock(clock_used), log(log_used) {}

  ApplicationOptions options;
  const Clock& clock;
  telemetry::Log& log;
  telemetry::Metrics metrics;
  telemetry::Watch watch{log, metrics, clock};
  // Before the runtime, whose coroutines hold traces until they end.
  std::shared_ptr<otlp::Exporter> exporter;  // null: traces are not recorded, and the next is too
  std::unique_ptr<telemetry::Tracer> tracer;
  std::shared_ptr<Shares> bytes = Shares::make(options.config.max_bytes_in_flight);
  Foundations foundations;
  std::unique_ptr<io::Runtime> runtime;
  std::shared_ptr<audit::Journal> journal;  // tells what waits on the loops
  ExpiryNotes expiry_notes;
  std::unique_ptr<http::Client> client;
  std::unique_ptr<control::Grants> grants;
  std::unique_ptr<upstream::Sender> sender;
  std::unique_ptr<Inquiries> inquiries;
  std::unique_ptr<control::SnapshotHolder> snapshot;
  std::unique_ptr<control::ControlPlane> control;
  std::unique_ptr<CallMetrics> call_metrics;
  std::unique_ptr<gateway::Gateway> gateway;
  std::unique_ptr<servers::AccountTools> account_tools;
  std::unique_ptr<mcp::McpEndpoint> endpoint;
  servers::MintedServerRegistry* minted = nullptr;  // the endpoint's
  std::unique_ptr<admin::Api> api;
  RequestMetrics request_metrics{metrics};
  http::Router router;
  std::unique_ptr<http::Server> server;
  std::unique_ptr<ExpiryTimer> expiry;
  std::unique_ptr<StoreWatch> store_watch;
  std::unique_ptr<Reloading> reloading;  // null: there is nothing to read again
  Replaceable<http::OriginPolicy> places{http::OriginPolicy()};
  std::atomic<std::chrono::seconds> shutdown_grace{options.config.shutdown_grace};
  std::unique_ptr<UseKeeper> use_keeper;
  std::unique_ptr<webhooks::Courier> courier;
  std::optional<vault::Token> first_token;
  std::string token_file;
  std::string url;
  std::unique_ptr<store::ChangeFeed> feed;  // until store_watch has it; null: of a file
  bool stopped = false;

  Result<> open_control();
  void open_tracing();
  Result<> give_first_token();
  Result<> listen();
  void renew(Renewed renewed);
  Result<Reloaded> reload(std::string_view asked_by);
  http::BodyVerdict judge_body(const http::Request& request);
  io::Task<http::BodyVerdict> count_later(const http::Request& request,
                                          io::Task<http::BodyVerdict> judging);
  std::unique_ptr<mcp::ServerRegistry> make_server_registry();
  std::function<void(std::string_view, std::string_view)> tell_limit();
};

void Application::Impl::open_tracing() {
  // There in any case, so that a dashboard finds them.
  auto& exported =
      metrics.counter("patchbay_trace_spans_exported_total", "Spans that the collector took.");
  auto& dropped = metrics.counter("patchbay_trace_spans_dropped_total",
                                  "Spans that found no room, or that the collector did not take.");
  if (options.config.otlp_endpoint.empty()) return;
  exporter = std::make_shared<otlp::Exporter>(
      *runtime, *client, collector_of(options.config),
      otlp::Resource{.version = std::string(kVersion), .instance = random_id("node")}, exported,
      dropped, log);
  tracer = std::make_unique<telemetry::Tracer>(
      options.config.trace_sample,
      [to = exporter.get()](telemetry::FinishedTrace trace) { to->take(std::move(trace)); });
  exporter->start();
}

Result<> Application::Impl::open_control() {
  const Config& config = options.config;
  runtime = std::make_unique<io::Runtime>(
      io::RuntimeOptions{.loops = config.loops, .blocking_threads = most_threads()});
  client = std::make_unique<http::Client>(
      *runtime, http::ClientOptions{.ca_file = config.upstream_ca_file,
                                    .bytes = bytes,
                                    .look_ups = Shares::make(kMostLookUps),
                                    .watch = &watch});
  grants = std::make_unique<control::Grants>(foundations.repository->grants(), *foundations.vault);
  sender = std::make_unique<upstream::Sender>(
      *client, upstream::SenderOptions{.allow_private_addresses = config.allow_private_upstreams,
                                       .grants = grants.get(),
                                       .runtime = runtime.get()});
  inquiries = std::make_unique<Inquiries>(*runtime, *sender);
  open_tracing();
  snapshot = std::make_unique<control::SnapshotHolder>(runtime->size());
  control = std::make_unique<control::ControlPlane>(
      *foundations.repository, foundations.vault, clock, *snapshot,
      [this](const Inquiries::Account& account) { return inquiries->probe(account); },
      control::ControlOptions{
          .least_lifetime = config.least_lifetime,
          .most_probes = static_cast<int>(kMostProbes),
          .notes = foundations.notes,
          .memory = config.server_memory,
          .find_member =
              [this](const Inquiries::Account& account, const std::string& named) {
                return inquiries->find_member(account, named);
              },
          .redeem =
              [this](const Inquiries::Account& account, upstream::AuthorizationCode code) {
                return inquiries->redeem(account, std::move(code));
              },
          .expiry_notice = config.expiry_notice,
          .expired = [this](const auto& row) { expiry_notes.add(row, clock.now()); },
          .definition_changed = [this] { foundations.definitions->look_at_store(); },
          .report =
              [this](const std::string& problem) { log.write(telemetry::Level::warning, problem); },
          .limit_hit = tell_limit()});
  control->webhooks().set_reach(reach_of(config));
  feed = foundations.repository->feed();
  if (feed) {
    snapshot->trust.only_within(
        {.unconfirmed = config.max_unconfirmed, .without_database = config.serve_without_database});
  }

  foundations.definitions->serve(*control);
  const auto problems = control->load();
  if (!problems) return std::unexpected(problems.error());
  for (const std::string& problem : *problems) log.write(telemetry::Level::warning, problem);
  // Nobody else has this file: what was being sent when the last process ended is not any more.
  if (!feed) control->approvals().settle_interrupted();
  return {};
}

// Last of all that can fail: what must be told stands in its file before the token opens anything.
Result<> Application::Impl::give_first_token() {
  const auto keep = [this](const vault::Token& token) {
    return foundations.folder ? write_first_token(*foundations.folder, token) : Result<>();
  };
  auto token = make_first_token(*control, *foundations.repository, *journal, keep);
  if (!token) return std::unexpected(token.error());
  first_token = std::move(*token);
  if (first_token && foundations.folder) token_file = app::first_token_file(*foundations.folder);
  return {};
}

std::unique_ptr<mcp::ServerRegistry> Application::Impl::make_server_registry() {
  const servers::CredentialsRefused refused = [this](const control::McpServer& whose) {
    note_refused_credentials(*runtime, *control, whose);
  };
  account_tools = std::make_unique<servers::AccountTools>(*runtime, *gateway, refused);
  auto made = std::make_unique<servers::MintedServerRegistry>(*runtime, *control, *snapshot,
                                                              *gateway, foundations.vault, refused);
  minted = made.get();
  control->approvals().send_with(
      [calls = made.get()](const vault::TokenHash& hash,
                           std::shared_ptr<const control::McpServer> server,
                           const control::Approval& approval) {
        return calls->send_approved(hash, std::move(server), approval);
      },
      kLongestSends * options.config.upstream_timeout);
  snapshot->on_change([this, calls = made.get()] {
    calls->look_again();
    endpoint->look_again();
  });
  if (!options.config.conformance_fixtures) return made;
  return std::make_unique<mcp::conformance::FixtureRegistry>("conformance-fixtures",
                                                             std::move(made));
}

http::Response host_refused() {
  return http::Response::json(
      403, http::error_body("host_not_allowed", "This Host is not served here."));
}

std::function<void(std::string_view, std::string_view)> Application::Impl::tell_limit() {
  return [this](std::string_view whose, std::string_view what) {
    watch.saw(telemetry::Sight::limit_hit, whose, what);
  };
}

// Before a body is read: whose it is, and whether anybody wants it.
http::BodyVerdict Application::Impl::judge_body(const http::Request& request) {
  const auto host = request.headers.find("Host").value_or("");
  auto verdict = !places.get().allows_host(host) ? http::BodyVerdict{.refused = host_refused()}
                 : mcp::McpEndpoint::is_place(request.path) ? endpoint->judge_body(request)
                                                            : api->judge_body(request);
  if (verdict.refused) request_metrics.count(request.path, verdict.refused->status);
  if (verdict.later) {
    verdict.later = [this, &request, judge = std::move(verdict.later)] {
      return count_later(request, judge());
    };
  }
  return verdict;
}

io::Task<http::BodyVerdict> Application::Impl::count_later(const http::Request& request,
                                                           io::Task<http::BodyVerdict> judging) {
  http::BodyVerdict verdict = co_await std::move(judging);
  if (verdict.refused) request_metrics.count(request.path, verdict.refused->status);
  co_return verdict;
}

io::Task<http::Response> refuse_host() {
  co_return host_refused();
}

Result<> Application::Impl::listen() {
  const Config& config = options.config;
  call_metrics = std::make_unique<CallMetrics>(metrics, runtime->size(), clock);
  gateway::GatewayOptions gateway_options{
      .upstream_timeout = config.upstream_timeout,
      .repeat_window = config.repeat_window,
      .throttle = {.at_once = config.account_concurrency},
      .journal_is_shared = feed != nullptr,
      .max_upload_bytes = upload_bytes(config),
      .limit_hit = tell_limit(),
      .call_ended = [this](const auto& call) { call_metrics->count(call); },
      .request_ended = [this](const auto& request) { call_metrics->count(request); },
      .rate_limit_waited = [this](auto account) { call_metrics->count_rate_limit_wait(account); }};
  auto opened = open_journal(foundations, clock,
                             {.shared = feed != nullptr,
                              .longest_call = gateway::longest_call(gateway_options),
                              .reports = journal_reports(metrics, log)});
  if (!opened) return std::unexpected(std::move(opened.error()));
  journal = std::move(*opened);
  gateway_options.journal = journal;
  expiry_notes.write_to(journal);
  gateway = std::make_unique<gateway::Gateway>(*runtime, *sender, clock,
                                               foundations.vault->derive_all("cursors"),
                                               std::move(gateway_options));
  auto allowed = http::OriginPolicy::make(config.allowed_origins, config.allowed_hosts);
  if (!allowed) return std::unexpected(std::move(allowed.error()));
  places.replace(*allowed);
  endpoint = std::make_unique<mcp::McpEndpoint>(
      make_server_registry(), foundations.vault, clock, log,
      mcp::EndpointOptions{.server_version = std::string(kVersion),
                           .places = std::move(*allowed),
                           .bytes = bytes,
                           .watch = &watch,
                           .tracer = tracer.get()});
  endpoint->add_routes(router);
  dashboard::add_routes(router, dashboard::built_in_pages());
  add_operation_routes(router, !dashboard::built_in_pages().empty(), [this] {
    return Health{.altered_rows = control->altered_rows(),
                  .serves = snapshot->trust.state() == control::Trust::Is::good ||
                            snapshot->trust.may_go_on(),
                  .unconfirmed = snapshot->trust.age()};
  });
  add_metrics_route(
      router, metrics,
      make_gauges(metrics, {.bytes = *bytes,
                            .server = server,
                            .endpoint = *endpoint,
                            .gateway = *gateway,
                            .control = *control,
                            .snapshot = *snapshot}),
      [this](std::string token) { return may_read_metrics(*runtime, *control, std::move(token)); });
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
          .takes_large_body = admin::takes_large_body,
          .max_large_body_bytes = admin::kMostDefinitionBytes,
          .max_connections = config.max_connections,
          .trusted_proxies = config.trusted_proxies,
          .bytes = bytes,
          .judge_body = [this](const http::Request& request) { return judge_body(request); },
          .log = &log,
          .watch = &watch},
      [this](http::Request& request) {
        const auto host = request.headers.find("Host").value_or("");
        return places.get().allows_host(host) ? request_metrics.answer(router, request)
                                              : refuse_host();
      });
  // Listening comes before the loops run: the URLs that the API gives out name the port, and no
  // request may find a router that is still being filled.
  if (auto started = server->start(); !started) return started;
  url = public_url(config, server->port());
  api = make_admin_api({.runtime = *runtime,
                        .control = *control,
                        .foundations = foundations,
                        .journal = journal,
                        .minted = *minted,
                        .trials = *account_tools,
                        .watch = watch,
                        .reloading = reloading.get(),
                        .definitions = *foundations.definitions,
                        .tracer = tracer.get(),
                        .url = url,
                        .sandbox = options.sandbox});
  api->add_routes(router);
  // Its URL is known, and no request has been taken yet.
  if (auto given = give_first_token(); !given) return given;
  runtime->start();
  const bool is_alone = feed == nullptr;
  const std::chrono::milliseconds sleep =
      feed ? std::chrono::milliseconds(config.least_lifetime) / 2 : kKeepTime;
  expiry = std::make_unique<ExpiryTimer>(*control, log, sleep);
  store_watch = std::make_unique<StoreWatch>(*control, std::move(feed), log);
  foundations.definitions->follow();
  use_keeper = std::make_unique<UseKeeper>(*control, log);
  courier = std::make_unique<webhooks::Courier>(
      webhooks::Courier::Parts{.runtime = *runtime,
                               .client = *client,
                               .rows = foundations.repository->webhooks(),
                               .targets = control->webhooks(),
                               .vault = *foundations.vault,
                               .clock = clock,
                               .metrics = metrics,
                               .log = log,
                               .alone = is_alone},
      reach_of(config));
  return {};
}

// Each room is told what it goes by; whoever runs meanwhile goes by the old or by the new.
void Application::Impl::renew(Renewed renewed) {
  const Config& config = renewed.config;
  log.set_least(config.log_level);
  places.replace(renewed.places);
  endpoint->set_places(std::move(renewed.places));
  if (renewed.certificate) server->set_certificate(std::move(*renewed.certificate));
  if (renewed.upstream_trust) client->trust(std::move(*renewed.upstream_trust));
  server->set_limits({.max_header_bytes = config.max_header_bytes,
                      .max_body_bytes = config.max_body_bytes,
                      .max_connections = config.max_connections});
  gateway->set_limits({.upstream_timeout = config.upstream_timeout,
                       .repeat_window = config.repeat_window,
                       .requests_at_once = config.account_concurrency,
                       .max_upload_bytes = upload_bytes(config)});
  sender->allow_private_addresses(config.allow_private_upstreams);
  control->set_memory(config.server_memory);
  control->set_expiry_notice(config.expiry_notice);
  control->webhooks().set_reach(reach_of(config));
  courier->set_reach(reach_of(config));
  bytes->set_in_all(config.max_bytes_in_flight);
  shutdown_grace.store(config.shutdown_grace);
  if (tracer) tracer->set_ratio(config.trace_sample);
}

Result<Reloaded> Application::Impl::reload(std::string_view asked_by) {
  if (!reloading) {
    return fail(ErrorCode::unsupported, "This server was started without a configuration to read.");
  }
  auto outcome = reloading->reload(asked_by);
  if (outcome) foundations.definitions->reload_all(asked_by);
  return outcome;
}

Result<Reloaded> Application::reload(std::string_view asked_by) {
  return impl_->reload(asked_by);
}

Result<std::unique_ptr<Application>> Application::start(ApplicationOptions options,
                                                        const Clock& clock, telemetry::Log& log) {
  keep_freed_memory();
  lay_memory_by();
  open_as_many_files_as_allowed();
  auto impl = std::make_unique<Impl>(std::move(options), clock, log);
  auto laid = lay_foundations(impl->options.config, impl->options.in_memory, clock, log);
  if (!laid) return std::unexpected(laid.error());
  impl->foundations = std::move(*laid);
  if (impl->options.read_config) {
    impl->reloading = std::make_unique<Reloading>(
        impl->options.config, impl->options.read_config,
        [impl = impl.get()](Renewed renewed) { impl->renew(std::move(renewed)); }, log);
  }
  // The vault has it, in memory that is locked.
  impl->options.config.key = Secret();
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

const std::string& Application::first_token_file() const {
  return impl_->token_file;
}

Result<std::string> Application::sign_in_link(std::string_view program) {
  if (!impl_->first_token) return fail(ErrorCode::not_found, "There is no first API token.");
  return make_sign_in_link({*impl_->control, *impl_->foundations.repository,
                            *impl_->foundations.vault, *impl_->journal, impl_->url},
                           *impl_->first_token, std::string(program));
}

void Application::stop() {
  if (impl_->stopped) return;
  impl_->stopped = true;
  impl_->expiry.reset();
  impl_->foundations.definitions->stop();
  impl_->store_watch.reset();
  impl_->endpoint->end_streams();
  impl_->server->stop(impl_->shutdown_grace.load());
  impl_->use_keeper.reset();
  impl_->courier.reset();
  if (impl_->exporter) impl_->exporter->stop();
  impl_->snapshot->on_change(nullptr);
  impl_->runtime->stop(std::chrono::milliseconds(500));
}

}  // namespace patchbay::app
