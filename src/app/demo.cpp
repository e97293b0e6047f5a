#include "app/demo.h"

#include <fmt/format.h>

#include "control/server_warnings.h"
#include "vault/vault.h"

namespace patchbay::app {
namespace {

// Tries the chosen port; where none was chosen, the usual one and then any free one.
template <class Start>
Result<> start_on_port(std::optional<std::uint16_t> chosen, std::uint16_t usual, Start start) {
  auto started = start(chosen.value_or(usual));
  if (!started && !chosen && started.error().code == ErrorCode::unavailable) return start(0);
  return started;
}

}  // namespace

Result<std::unique_ptr<Demo>> Demo::start(DemoOptions options, const Clock& clock,
                                          telemetry::Log& log) {
  std::unique_ptr<Demo> demo(new Demo());
  if (auto started = demo->start_sandbox(options, clock); !started) {
    return std::unexpected(started.error());
  }
  if (auto started = demo->start_application(options, clock, log); !started) {
    return std::unexpected(started.error());
  }
  if (auto minted = demo->mint(options); !minted) return std::unexpected(minted.error());
  return demo;
}

Demo::~Demo() {
  stop();
}

Result<> Demo::start_sandbox(const DemoOptions& options, const Clock& clock) {
  auto started =
      start_on_port(options.sandbox_port, kDemoSandboxPort, [&](std::uint16_t port) -> Result<> {
        sandbox_.reset();
        sandbox_runtime_ = std::make_unique<io::Runtime>(io::RuntimeOptions{.loops = 1});
        sandbox::SandboxOptions wanted;
        wanted.server.port = port;
        wanted.seed = options.seed;
        wanted.scale = options.scale;
        sandbox_ = std::make_unique<sandbox::Sandbox>(*sandbox_runtime_, clock, wanted);
        sandbox_runtime_->start();
        return sandbox_->start();
      });
  if (!started) return started;
  const sandbox::SandboxOptions& chosen = sandbox_->options();
  facts_.sandbox_url = fmt::format("http://127.0.0.1:{}", sandbox_->port());
  facts_.company_id = chosen.company_id;
  facts_.public_key = chosen.public_key;
  facts_.private_key = chosen.private_key;
  facts_.client_id = chosen.client_id;
  return {};
}

Result<> Demo::start_application(const DemoOptions& options, const Clock& clock,
                                 telemetry::Log& log) {
  return start_on_port(options.port, kDemoPort, [&](std::uint16_t port) -> Result<> {
    ApplicationOptions wanted{.in_memory = true, .sandbox = true};
    wanted.config.port = port;
    wanted.config.key = vault::Vault::generate_key();
    wanted.config.allow_loopback_upstreams = true;
    wanted.config.shutdown_grace = std::chrono::seconds(2);
    auto started = Application::start(std::move(wanted), clock, log);
    if (!started) return std::unexpected(started.error());
    application_ = std::move(*started);
    return {};
  });
}

Result<> Demo::mint(const DemoOptions& options) {
  control::ControlPlane& control = application_->control();
  facts_.admin_url = application_->url();
  facts_.api_token = application_->first_token()->reveal();
  const auto principal = control.authenticate(facts_.api_token);
  if (!principal) return std::unexpected(principal.error());

  auto account = control.create_account(
      *principal, {.integration = "connectwise_psa",
                   .tenant_id = "demo",
                   .name = "Demo MSP (sandbox)",
                   .credentials = {{"site", Secret(facts_.sandbox_url)},
                                   {"company_id", Secret(facts_.company_id)},
                                   {"public_key", Secret(facts_.public_key)},
                                   {"private_key", Secret(facts_.private_key)},
                                   {"client_id", Secret(facts_.client_id)}}});
  if (!account) return std::unexpected(account.error());
  facts_.integrated_account_id = account->id;

  json::Object config;
  if (!options.tags.empty()) {
    config["tags"] = json::Array(options.tags.begin(), options.tags.end());
  }
  auto server = control.create_mcp_server(*principal, account->id,
                                          {.name = "Demo", .config = std::move(config)});
  if (!server) return std::unexpected(server.error());
  facts_.mcp_url = fmt::format("{}/mcp/{}", application_->url(), server->token.reveal());
  auto link = application_->sign_in_link("patchbay demo");
  if (!link) return std::unexpected(link.error());
  facts_.dashboard_url = std::move(*link);
  facts_.tags = options.tags;
  if (const auto live = control.live(server->row)) {
    facts_.client_name = control::client_name(live->account->integration());
  }
  auto [tools, remark] = control.tool_count(server->row);
  facts_.tool_count = tools;
  facts_.tool_count_remark = std::move(remark);
  return {};
}

void Demo::stop() {
  if (application_) application_->stop();
  if (sandbox_) sandbox_->stop(std::chrono::milliseconds(500));
  if (sandbox_runtime_) sandbox_runtime_->stop();
}

}  // namespace patchbay::app
