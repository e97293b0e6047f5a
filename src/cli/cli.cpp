#include "cli/cli.h"

#include <functional>

#include <fmt/format.h>

#include "app/config.h"
#include "app/demo_options.h"
#include "app/version.h"
#include "cli/commands.h"
#include "cli/instance/commands.h"
#include "cli/line/command_line.h"
#include "cli/line/completion.h"
#include "cli/mcp/tools_commands.h"
#include "cli/terminal/terminal.h"
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

constexpr std::string_view kAbout =
    "Patchbay turns a SaaS API into MCP servers.\n"
    "Connect an account once, mint an MCP URL with its own scope and lifetime, and let Claude,\n"
    "Cursor, VS Code or any agent open it.";

constexpr std::string_view kFirstSteps =
    "First steps:\n"
    "  patchbay demo                  everything at once, on a sandbox: the way to begin\n"
    "  patchbay key new patchbay.key  then  patchbay serve --key-file patchbay.key\n"
    "  patchbay profile add NAME --url URL  then  patchbay account add, patchbay server create\n"
    "  patchbay COMMAND --help        what a command takes";

// What commands were asked for, filled when the line is read.
struct Requests {
  ServeRequest serve;
  NewTokenRequest new_token;
  DemoRequest demo;
  SandboxRequest sandbox;
  StdioRequest stdio;
  StoreRequest store;
  AuditRequest audit;
  TransferRequest transfer;
  DoctorRequest doctor;
  ImportCommand import;
  std::string folder;
  std::string old_definition;
  std::string new_definition;
  std::string key_file;
  bool json = false;
};

constexpr std::int64_t kMostPort = 65'535;

// The headings of the help.
constexpr std::string_view kRun = "Run";
constexpr std::string_view kInstance = "Work with a running instance";
constexpr std::string_view kClient = "Speak MCP";
constexpr std::string_view kData = "Keys and data, on the machine of the server";
constexpr std::string_view kMore = "More";

// Every setting that is no secret, and the file of them.
void add_settings(Command& command, std::string& config_file,
                  std::map<std::string, std::string>& flags) {
  command.option("--config", config_file, "Configuration file (YAML)").placeholder("FILE");
  for (const app::Option& option : app::options()) {
    if (option.secret) continue;
    const std::string name(option.name);
    if (option.value.empty()) {
      const auto take = [&flags, name](bool on) { flags[name] = on ? "true" : "false"; };
      command.on_or_off("--" + name, take, option.help);
    } else {
      command
          .option(
              "--" + name, [&flags, name](const std::string& text) { flags[name] = text; },
              option.help)
          .last_wins()
          .placeholder(option.value);
    }
  }
}

void add_serve(Command& root, ServeRequest& request) {
  Command command = root.add_command("serve", "Serve MCP and the admin API");
  command.under(kRun);
  command.footer(
      "Each option can stand in a YAML file (--config), in the environment (PATCHBAY_PUBLIC_URL\n"
      "for --public-url) or on the command line; the latter wins.\n\n"
      "Example:\n"
      "  patchbay key new patchbay.key\n"
      "  patchbay serve --key-file patchbay.key --data-dir /var/lib/patchbay \\\n"
      "    --public-url https://mcp.example.com");
  add_settings(command, request.config_file, request.flags);
  command.action([&request] { return serve(request); });
}

void add_doctor(Command& root, DoctorRequest& request) {
  Command command = root.add_command(
      "doctor", "Check configuration, key, data, machine and upstreams, and say how to mend each");
  command.under(kRun);
  command.footer(
      "Give it the options of `patchbay serve`, and run it as that user. It changes nothing, and\n"
      "works beside a running server. Exit code 1 if there is a fault.");
  command.flag("--json", request.json, "Print one line of JSON");
  add_settings(command, request.config_file, request.flags);
  command.action([&request] { return examine(request); });
}

void add_demo(Command& root, DemoRequest& request) {
  Command command =
      root.add_command("demo", "Start a sandbox PSA and a server for it, and print an MCP URL");
  command.under(kRun);
  app::DemoOptions& options = request.options;
  command
      .option("--port", options.port,
              "Port of the server; 0 takes any free one. Default 8080, or a free one")
      .within(0, kMostPort);
  command
      .option("--sandbox-port", options.sandbox_port,
              "Port of the sandbox; 0 takes any free one. Default 8081, or a free one")
      .within(0, kMostPort);
  command.option("--seed", options.seed, "Which data: the same seed, the same MSP").show_default();
  command.option("--scale", options.scale, "How much data: 1 is about 2,000 tickets")
      .within(1, 100)
      .show_default();
  const Option tags = command.option("--tags", options.tags, "Tools of which tags the MCP URL has")
                          .separated_by(',')
                          .show_default("desk");
  command
      .flag(
          "--all-tools", [&options] { options.tags.clear(); }, "All tools, whatever their tags")
      .excludes(tags);
  command.flag("--json", request.json, "Print one line of JSON once everything answers");
  command.action([&request] { return demo(request); });
}

void add_sandbox(Command& root, SandboxRequest& request) {
  Command command =
      root.add_command("sandbox", "Run an imitation of ConnectWise PSA, for demos and tests");
  command.under(kRun);
  sandbox::SandboxOptions& options = request.options;
  options.server.port = app::kDemoSandboxPort;
  command.option("--address", options.server.address, "Address to listen on").show_default();
  command.option("--port", options.server.port, "Port; 0 takes any free one")
      .within(0, kMostPort)
      .show_default();
  command.option("--seed", options.seed, "Which data: the same seed, the same MSP").show_default();
  command.option("--scale", options.scale, "How much data: 1 is about 2,000 tickets")
      .within(1, 100)
      .show_default();
  Option certificate = command.option("--tls-cert", options.server.tls_certificate_file,
                                      "Certificate chain (PEM): serve HTTPS");
  Option key = command.option("--tls-key", options.server.tls_key_file, "Private key (PEM)");
  certificate.needs(key);
  key.needs(certificate);
  command
      .option("--rate-limit", options.rate_limit, "Requests per window before 429; 0 is no limit")
      .show_default();
  command
      .number(
          "--rate-window",
          [&options](std::int64_t seconds) { options.rate_window = std::chrono::seconds(seconds); },
          "Length of the rate limit's window in seconds. Default 60")
      .within(1, 86'400);
  command.flag("!--no-retry-after", options.rate_retry_after,
               "Leave the Retry-After header out of 429 answers");
  command
      .number(
          "--latency",
          [&options](std::int64_t ms) { options.latency = std::chrono::milliseconds(ms); },
          "Milliseconds to wait before each answer. Default 0")
      .within(0, 600'000);
  command.option("--fault-percent", options.fault_percent, "Share of requests that fail with a 500")
      .within(0, 100)
      .show_default();
  command.flag("--reject-unknown-fields", options.reject_unknown_fields,
               "Answer 400 to unknown names in `fields`, as some versions do");
  command.flag("--json", request.json, "Print one line of JSON once it answers");
  command.action([&request] { return run_sandbox(request); });
}

void add_stdio(Command& root, StdioRequest& request) {
  Command command = root.add_command(
      "stdio", "Bridge an MCP URL to standard input and output, for clients that start a program");
  command.under(kClient);
  command.footer(
      "In claude_desktop_config.json:\n"
      "  {\"mcpServers\": {\"psa\": {\"command\": \"patchbay\", \"args\": [\"stdio\"],\n"
      "    \"env\": {\"PATCHBAY_MCP_URL\": \"URL\"}}}}\n\n"
      "The URL is a secret, and arguments are seen by every process of the machine: give it in\n"
      "PATCHBAY_MCP_URL or in a file. As an argument it is taken too, and blotted out at once.\n"
      "PATCHBAY_API_TOKEN carries the API token of a server with require_api_token_auth.");
  command.option("url", request.url, "The MCP URL. Better: PATCHBAY_MCP_URL, or --url-file");
  command.option("--url-file", request.url_file, "File with the MCP URL").placeholder("FILE");
  command.option("--header", request.headers, "Header to send, \"Name: value\"; repeatable")
      .placeholder("HEADER");
  command.option("--ca-file", request.ca_file, "Certificates (PEM) to trust beside the system's")
      .placeholder("FILE");
  command.action([&request] { return stdio(request); });
}

void add_import(Command& parent, ImportCommand& request) {
  Command command = parent.add_command(
      "import", "Make an integration of an OpenAPI 3.0, 3.1 or Swagger 2.0 document");
  command.footer(
      "Example:\n"
      "  patchbay integration import openapi.json --name acme --integrations "
      "/etc/patchbay/integrations\n\n"
      "Every operation becomes a tool, or is listed with the reason why not. What is there under "
      "the\n"
      "name is replaced only if it was imported too, and only by a definition without faults.");
  command.option("file", request.file, "The document, in JSON or YAML; - reads standard input")
      .required();
  command.option("--name", request.name, "What the integration is called: snake_case")
      .required()
      .filled()
      .placeholder("NAME");
  command.option("--config", request.config_file, "Configuration file of the server (YAML)")
      .placeholder("FILE");
  const app::Option& folder = *app::find_option("integrations");
  command
      .option(
          "--integrations",
          [&request](const std::string& text) { request.flags["integrations"] = text; },
          folder.help)
      .last_wins()
      .placeholder(folder.value);
  command.flag("--upload", request.upload,
               "Give it to a running instance, which keeps its versions, in place of a folder");
  command.option("--profile", request.profile, "Which instance; see `patchbay profile`")
      .filled()
      .placeholder("NAME");
  command.flag("--dry-run", request.dry_run, "Say what would come of it, and write nothing");
  command.flag("--json", request.json, "Print one line of JSON");
  command.action([&request] { return import_integration(request); });
}

void add_diff(Command& parent, Requests& requests) {
  Command command = parent.add_command(
      "diff", "Tell what another definition changes for whoever uses its tools, and what breaks");
  command.footer(
      "Each is the folder of a definition, or a document as `integration import` takes it.\n"
      "Ends with 1 if something breaks. Which MCP servers feel it, a running instance tells:\n"
      "  patchbay integration upload FOLDER --dry-run\n"
      "  patchbay integration import FILE --name NAME --upload --dry-run");
  command.option("old", requests.old_definition, "What there is").required();
  command.option("new", requests.new_definition, "What there would be").required();
  command.flag("--json", requests.json, "Print one line of JSON");
  command.action([&requests] {
    return compare_definitions(requests.old_definition, requests.new_definition, requests.json);
  });
}

void add_integration(Command& root, Requests& requests) {
  Command command = root.add_command("integration",
                                     "Definitions of integrations: check, import, compare, change");
  command.under(kMore);
  command.require_command();
  for (const bool lint : {false, true}) {
    Command check = command.add_command(
        lint ? "lint" : "validate", lint ? "Report problems and what is worth mending (thin "
                                           "descriptions, methods without a tool)"
                                         : "Report every problem with its file, line and a fix");
    check.option("folder", requests.folder, "Folder of the integration").required();
    check.flag("--json", requests.json, "Print one line of JSON");
    check.action(
        [&requests, lint] { return check_integration(requests.folder, lint, requests.json); });
  }
  add_import(command, requests.import);
  add_diff(command, requests);
  add_definition_commands(command);
}

void add_key(Command& root, Requests& requests) {
  Command command = root.add_command("key", "Make master keys");
  command.under(kData);
  command.require_command();
  Command fresh =
      command.add_command("new", "Write a fresh master key to a new file, or to standard output");
  fresh.option("file", requests.key_file, "The file; it must not exist");
  fresh.flag("--json", requests.json, "Print one line of JSON");
  fresh.action([&requests] { return new_key(requests.key_file, requests.json); });
}

// Where a server's data and its key are, for commands that work on them.
void add_data_options(Command& command, std::string& config_file,
                      std::map<std::string, std::string>& flags) {
  command.option("--config", config_file, "Configuration file of the server (YAML)")
      .placeholder("FILE");
  for (const std::string_view name : {"data-dir", "database", "key-file"}) {
    const app::Option& option = *app::find_option(name);
    command
        .option(
            "--" + std::string(name),
            [&flags, name](const std::string& text) { flags[std::string(name)] = text; },
            option.help)
        .last_wins()
        .placeholder(option.value);
  }
}

void add_token(Command& root, NewTokenRequest& request) {
  Command command = root.add_command("token", "API tokens: make, list, change and revoke them");
  command.under(kInstance);
  command.require_command();
  add_token_commands(command);
  Command fresh =
      command.add_command("new", "Make one without a server, with the master key and the data");
  fresh.footer(
      "For who has the key and the data and no token that opens. While a server runs on the data\n"
      "folder this is refused: `patchbay token create` asks the server for one.\n\n"
      "Example:\n"
      "  patchbay token new --key-file patchbay.key --data-dir /var/lib/patchbay token.txt");
  fresh.option("file", request.file,
               "A new file for the token, for its owner only. Default: standard output");
  add_data_options(fresh, request.config_file, request.flags);
  fresh.option("--name", request.name, "What lists of tokens show").show_default();
  fresh
      .option(
          "--environment", [&request](const std::string& text) { request.environment_id = text; },
          "Id of the environment that it is for. Default: the whole instance")
      .placeholder("ID");
  fresh.flag("--json", request.json, "Print one line of JSON");
  fresh.action([&request] { return new_token(request); });
}

void add_instance(Command& root, NewTokenRequest& new_token) {
  for (const auto add :
       {add_profile_commands, add_environment_commands, add_account_commands, add_server_commands,
        add_approval_commands, add_log_commands, add_webhook_commands, add_dashboard_command}) {
    add(root).under(kInstance);
  }
  add_token(root, new_token);
}

void add_tools(Command& root) {
  add_tools_commands(root).under(kClient);
}

void add_transfers(Command& command, TransferRequest& request) {
  Command backup = command.add_command(
      "backup", "Write the database to a new file; a server may go on working on it");
  backup.footer(
      "The file holds the state of one moment, of either database, and is of no use without the\n"
      "master key: keep that apart from it.\n\n"
      "Example:\n"
      "  patchbay store backup --data-dir /var/lib/patchbay patchbay.backup");
  backup.option("file", request.file, "A new file, for its owner only").required();
  add_data_options(backup, request.config_file, request.flags);
  backup.flag("--json", request.json, "Print one line of JSON");
  backup.action([&request] { return backup_store(request); });

  Command restore =
      command.add_command("restore", "Read a backup into a new database, all of it or nothing");
  restore.option("file", request.file, "What `patchbay store backup` wrote").required();
  add_data_options(restore, request.config_file, request.flags);
  restore.flag("--json", request.json, "Print one line of JSON");
  restore.action([&request] { return restore_store(request); });

  Command migrate = command.add_command(
      "migrate",
      "Copy a database to an empty one, which may be of the other kind, and compare them");
  migrate.footer(
      "One that broke off goes on where it ended, by the same command; until it has succeeded\n"
      "nothing else opens the new database. Stop the servers of the one that is read: at the end\n"
      "every row is compared.\n\n"
      "Example:\n"
      "  patchbay store migrate --from /var/lib/patchbay --to postgresql://patchbay@db/patchbay");
  migrate.option("--from", request.from, "A data folder, or the address of a PostgreSQL database")
      .placeholder("PLACE")
      .required();
  migrate.option("--to", request.to, "The same: where it goes").placeholder("PLACE").required();
  migrate.flag("--json", request.json, "Print one line of JSON");
  migrate.action([&request] { return migrate_store(request); });
}

void add_store(Command& root, StoreRequest& request, TransferRequest& transfer) {
  Command command = root.add_command("store", "Look after the data");
  command.under(kData);
  command.require_command();
  Command check = command.add_command(
      "check",
      "Report every row that something else altered, that does not open or that names what is not "
      "there; exit code 1 if any");
  add_data_options(check, request.config_file, request.flags);
  check.flag("--json", request.json, "Print one line of JSON");
  check.action([&request] { return check_store(request); });
  Command sign = command.add_command(
      "sign",
      "Sign the rows of a database of a version that signed none, once, and list what they allow");
  sign.footer(
      "A server of this version does not start on such a database until this was done: nothing in\n"
      "it tells an old row from one that somebody has written since. No server may run on it.");
  add_data_options(sign, request.config_file, request.flags);
  sign.flag("--json", request.json, "Print one line of JSON");
  sign.action([&request] { return sign_store(request); });
  add_transfers(command, transfer);
}

void add_audit(Command& root, AuditRequest& request) {
  Command command = root.add_command("audit", "Look after the audit log");
  command.under(kData);
  command.require_command();
  Command verify = command.add_command(
      "verify", "Name every event that was altered or removed; exit code 1 if any");
  verify.footer(
      "A server may go on working meanwhile. Note the heads that --json prints somewhere else, "
      "and\n"
      "give them later: then a database that was put back as a whole shows as well.");
  add_data_options(verify, request.config_file, request.flags);
  verify.flag("--json", request.json, "Print one line of JSON");
  verify
      .option("--head", request.heads,
              "A head that was noted, as <chain>:<number>:<link>; repeatable")
      .placeholder("HEAD");
  verify.action([&request] { return verify_audit(request); });
  Command exported =
      command.add_command("export", "Print all events to standard output, newest first");
  add_data_options(exported, request.config_file, request.flags);
  const Option format = exported.option("--format", request.format, "jsonl or csv").show_default();
  exported.flag("--json", request.json, "Print a line of JSON for each event, as without --format")
      .excludes(format);
  exported
      .option("--environment", request.environment_id,
              "Id of the environment whose events are wanted. Default: all")
      .placeholder("ID");
  exported.action([&request] { return export_audit(request); });
}

void add_completion(CommandLine& line) {
  Command command =
      line.root().add_command("completion", "Print what a shell completes commands by");
  command.under(kMore);
  command.require_command();
  command.footer(
      "In ~/.bashrc or ~/.zshrc:\n"
      "  eval \"$(patchbay completion bash)\"\n"
      "  eval \"$(patchbay completion zsh)\"");
  const auto shell = [&](std::string_view name, std::string (*script)(const CommandOutline&)) {
    command.add_command(name, fmt::format("For {}", name)).action([&line, script] {
      fmt::print("{}", script(line.outline()));
      return 0;
    });
  };
  shell("bash", bash_completion);
  shell("zsh", zsh_completion);
}

void add_version(Command& root, Requests& requests) {
  Command command = root.add_command("version", "Print the version");
  command.under(kMore);
  command.flag("--json", requests.json, "Print one line of JSON");
  command.action([&requests] { return version(requests.json); });
}

int run_line(int argc, const char* const* argv) {
  Requests requests;
  CommandLine line(kAbout, "patchbay", "patchbay " + std::string(app::kVersion));
  Command& root = line.root();
  root.footer(kFirstSteps);
  root.require_command();
  add_demo(root, requests.demo);
  add_serve(root, requests.serve);
  add_sandbox(root, requests.sandbox);
  add_doctor(root, requests.doctor);
  add_instance(root, requests.new_token);
  add_stdio(root, requests.stdio);
  add_tools(root);
  add_key(root, requests);
  add_store(root, requests.store, requests.transfer);
  add_audit(root, requests.audit);
  add_integration(root, requests);
  add_completion(line);
  add_version(root, requests);
  return line.run(argc, argv);
}

}  // namespace

int run(int argc, const char* const* argv) {
  return run_and_flush([&] { return run_line(argc, argv); });
}

}  // namespace patchbay::cli
