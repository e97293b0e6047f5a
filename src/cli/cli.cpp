#include "cli/cli.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "app/config.h"
#include "app/version.h"
#include "cli/commands.h"
#include "cli/terminal.h"
#include "json/write.h"

namespace patchbay::cli {

int version(bool json) {
  if (json) {
    fmt::print("{}\n", json::to_string(json::Object{{"version", app::kVersion}}));
  } else {
    fmt::print("patchbay {}\n", app::kVersion);
  }
  return 0;
}

namespace {

constexpr const char* kAbout =
    "Patchbay turns a SaaS API into MCP servers.\n"
    "Connect an account once, mint an MCP URL with its own scope and lifetime, and let Claude,\n"
    "Cursor, VS Code or any agent open it.";

constexpr const char* kFirstSteps =
    "First steps:\n"
    "  patchbay demo                  everything at once, on a sandbox: the way to begin\n"
    "  patchbay key new patchbay.key  then  patchbay serve --key-file patchbay.key\n"
    "  patchbay COMMAND --help        what a command takes";

// What commands were asked for, filled by the parser. `run` is the chosen command.
struct Requests {
  ServeRequest serve;
  DemoRequest demo;
  SandboxRequest sandbox;
  StdioRequest stdio;
  std::string folder;
  std::string key_file;
  bool json = false;
  std::function<int()> run;
};

void add_serve(CLI::App& cli, Requests& requests) {
  auto* const command = cli.add_subcommand("serve", "Serve MCP and the admin API");
  command->footer(
      "Each option can stand in a YAML file (--config), in the environment (PATCHBAY_PUBLIC_URL\n"
      "for --public-url) or on the command line; the latter wins.\n\n"
      "Example:\n"
      "  patchbay key new patchbay.key\n"
      "  patchbay serve --key-file patchbay.key --data-dir /var/lib/patchbay \\\n"
      "    --public-url https://mcp.example.com");
  command->add_option("--config", requests.serve.config_file, "Configuration file (YAML)")
      ->type_name("FILE");
  for (const app::Option& option : app::options()) {
    if (option.secret) continue;
    const std::string name(option.name);
    const std::string flag = "--" + name;
    auto& flags = requests.serve.flags;
    if (option.value.empty()) {
      command->add_flag_callback(
          flag, [&flags, name] { flags[name] = "true"; }, std::string(option.help));
    } else {
      command
          ->add_option_function<std::string>(
              flag, [&flags, name](const std::string& text) { flags[name] = text; },
              std::string(option.help))
          ->take_last()
          ->type_name(std::string(option.value));
    }
  }
  command->callback([&requests] { requests.run = [&] { return serve(requests.serve); }; });
}

void add_demo(CLI::App& cli, Requests& requests) {
  auto* const command =
      cli.add_subcommand("demo", "Start a sandbox PSA and a server for it, and print an MCP URL");
  DemoRequest& request = requests.demo;
  command
      ->add_option("--port", request.options.port,
                   "Port of the server; 0 takes any free one. Default 8080, or a free one")
      ->check(CLI::Range(0, 65535));
  command
      ->add_option("--sandbox-port", request.options.sandbox_port,
                   "Port of the sandbox; 0 takes any free one. Default 8081, or a free one")
      ->check(CLI::Range(0, 65535));
  command->add_option("--seed", request.options.seed, "Which data: the same seed, the same MSP")
      ->capture_default_str();
  command->add_option("--scale", request.options.scale, "How much data: 1 is about 2,000 tickets")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  auto* const tags =
      command->add_option("--tags", request.options.tags, "Tools of which tags the MCP URL has")
          ->delimiter(',')
          ->expected(1, -1)
          ->default_str("support,time,sales,directory");
  command
      ->add_flag_callback(
          "--all-tools", [&request] { request.options.tags.clear(); },
          "All tools, whatever their tags")
      ->excludes(tags);
  command->add_flag("--json", request.json, "Print one line of JSON once everything answers");
  command->callback([&requests] { requests.run = [&] { return demo(requests.demo); }; });
}

void add_sandbox(CLI::App& cli, Requests& requests) {
  auto* const command =
      cli.add_subcommand("sandbox", "Run an imitation of ConnectWise PSA, for demos and tests");
  sandbox::SandboxOptions& options = requests.sandbox.options;
  options.server.port = app::kDemoSandboxPort;
  command->add_option("--address", options.server.address, "Address to listen on")
      ->capture_default_str();
  command->add_option("--port", options.server.port, "Port; 0 takes any free one")
      ->check(CLI::Range(0, 65535))
      ->capture_default_str();
  command->add_option("--seed", options.seed, "Which data: the same seed, the same MSP")
      ->capture_default_str();
  command->add_option("--scale", options.scale, "How much data: 1 is about 2,000 tickets")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  auto* const certificate = command->add_option("--tls-cert", options.server.tls_certificate_file,
                                                "Certificate chain (PEM): serve HTTPS");
  auto* const key =
      command->add_option("--tls-key", options.server.tls_key_file, "Private key (PEM)");
  certificate->needs(key);
  key->needs(certificate);
  command
      ->add_option("--rate-limit", options.rate_limit,
                   "Requests per window before 429; 0 is no limit")
      ->capture_default_str();
  command
      ->add_option_function<std::int64_t>(
          "--rate-window",
          [&options](std::int64_t seconds) { options.rate_window = std::chrono::seconds(seconds); },
          "Length of the rate limit's window in seconds. Default 60")
      ->check(CLI::Range(1, 86'400));
  command->add_flag("!--no-retry-after", options.rate_retry_after,
                    "Leave the Retry-After header out of 429 answers");
  command
      ->add_option_function<std::int64_t>(
          "--latency",
          [&options](std::int64_t ms) { options.latency = std::chrono::milliseconds(ms); },
          "Milliseconds to wait before each answer. Default 0")
      ->check(CLI::Range(0, 600'000));
  command
      ->add_option("--fault-percent", options.fault_percent,
                   "Share of requests that fail with a 500")
      ->check(CLI::Range(0, 100))
      ->capture_default_str();
  command->add_flag("--reject-unknown-fields", options.reject_unknown_fields,
                    "Answer 400 to unknown names in `fields`, as some versions do");
  command->add_flag("--json", requests.sandbox.json, "Print one line of JSON once it answers");
  command->callback([&requests] { requests.run = [&] { return run_sandbox(requests.sandbox); }; });
}

void add_stdio(CLI::App& cli, Requests& requests) {
  auto* const command = cli.add_subcommand(
      "stdio", "Bridge an MCP URL to standard input and output, for clients that start a program");
  command->footer(
      "In claude_desktop_config.json:\n"
      "  {\"mcpServers\": {\"psa\": {\"command\": \"patchbay\", \"args\": [\"stdio\", "
      "\"URL\"]}}}\n\n"
      "The URL is a secret. PATCHBAY_MCP_URL may carry it instead of an argument, and\n"
      "PATCHBAY_API_TOKEN the API token of a server with require_api_token_auth.");
  StdioRequest& request = requests.stdio;
  command->add_option("url", request.url, "The MCP URL. Default: PATCHBAY_MCP_URL");
  command->add_option("--header", request.headers, "Header to send, \"Name: value\"; repeatable")
      ->type_name("HEADER");
  command
      ->add_option("--ca-file", request.ca_file, "Certificates (PEM) to trust beside the system's")
      ->type_name("FILE");
  command->callback([&requests] { requests.run = [&] { return stdio(requests.stdio); }; });
}

void add_integration(CLI::App& cli, Requests& requests) {
  auto* const command = cli.add_subcommand("integration", "Check integrations");
  command->require_subcommand(1);
  for (const bool lint : {false, true}) {
    auto* const check = command->add_subcommand(
        lint ? "lint" : "validate",
        lint ? "Report problems and what is worth mending (thin descriptions, methods without a tool)"
             : "Report every problem with its file, line and a fix");
    check->add_option("folder", requests.folder, "Folder of the integration")->required();
    check->add_flag("--json", requests.json, "Print one line of JSON");
    check->callback([&requests, lint] {
      requests.run = [&requests, lint] {
        return check_integration(requests.folder, lint, requests.json);
      };
    });
  }
}

void add_key(CLI::App& cli, Requests& requests) {
  auto* const command = cli.add_subcommand("key", "Make master keys");
  command->require_subcommand(1);
  auto* const fresh = command->add_subcommand(
      "new", "Write a fresh master key to a new file, or to standard output");
  fresh->add_option("file", requests.key_file, "The file; it must not exist");
  fresh->callback([&requests] { requests.run = [&] { return new_key(requests.key_file); }; });
}

void add_version(CLI::App& cli, Requests& requests) {
  auto* const command = cli.add_subcommand("version", "Print the version");
  command->add_flag("--json", requests.json, "Print one line of JSON");
  command->callback([&requests] { requests.run = [&] { return version(requests.json); }; });
}

}  // namespace

int run(int argc, char** argv) {
  CLI::App cli(kAbout, "patchbay");
  cli.footer(kFirstSteps);
  cli.require_subcommand(1);
  cli.set_version_flag("--version", "patchbay " + std::string(app::kVersion));
  cli.get_formatter()->column_width(34);
  Requests requests;
  add_demo(cli, requests);
  add_serve(cli, requests);
  add_sandbox(cli, requests);
  add_stdio(cli, requests);
  add_integration(cli, requests);
  add_key(cli, requests);
  add_version(cli, requests);
  if (argc <= 1) {
    fmt::print("{}", cli.help());
    return 0;
  }
  try {
    cli.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return cli.exit(error) == 0 ? 0 : 2;
  }
  return requests.run();
}

}  // namespace patchbay::cli
