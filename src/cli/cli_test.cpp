#include "cli/cli.h"

#include "app/config.h"
#include "app/version.h"
#include "cli/test_command.h"
#include "json/parse.h"

namespace patchbay::cli {
namespace {

using testing::Outcome;
using testing::says;
using testing::typed;

const std::vector<std::string> kCommands{
    "demo",    "serve",  "sandbox",     "doctor",     "profile", "environment",
    "account", "server", "token",       "dashboard",  "stdio",   "tools",
    "key",     "store",  "integration", "completion", "version"};

TEST_CASE("Without a command the help is shown, with every command and the first steps") {
  const Outcome plain = typed({});
  CHECK(plain.exit_code == 0);
  CHECK(plain.err.empty());
  CHECK(says(plain.out, "turns a SaaS API into MCP servers"));
  CHECK(says(plain.out, "First steps:"));
  for (const std::string& command : kCommands) CHECK(says(plain.out, "\n  " + command + " "));
  const Outcome asked = typed({"--help"});
  CHECK(asked.exit_code == 0);
  CHECK(asked.out == plain.out);
}

TEST_CASE("Every command says what it takes") {
  for (const std::string& command : kCommands) {
    const Outcome help = typed({command, "--help"});
    CAPTURE(command);
    CHECK(help.exit_code == 0);
    CHECK(says(help.out, "Usage: patchbay " + command));
    CHECK(says(help.out, "--help"));
  }
}

TEST_CASE("The help of serve has each setting with its words, and no secret") {
  const std::string help = typed({"serve", "--help"}).out;
  for (const app::Option& option : app::options()) {
    const std::string flag = "--" + std::string(option.name) + " " + std::string(option.value);
    CAPTURE(flag);
    CHECK(says(help, option.help) == !option.secret);
    if (!option.secret) CHECK(says(help, flag));
  }
  CHECK_FALSE(says(help, "--key "));
  CHECK(says(help, "--config FILE"));
  CHECK(says(help, "PATCHBAY_PUBLIC_URL"));
}

TEST_CASE("Ranges and defaults stand in the help") {
  const std::string demo = typed({"demo", "--help"}).out;
  CHECK(says(demo, "[0 - 65535]"));
  CHECK(says(demo, "[1 - 100]"));
  CHECK(says(demo, "desk"));
  CHECK(says(demo, "Excludes: --tags"));
  const std::string sandbox = typed({"sandbox", "--help"}).out;
  CHECK(says(sandbox, "=127.0.0.1"));
  CHECK(says(sandbox, "=8081"));
  CHECK(says(sandbox, "Needs: --tls-key"));
  CHECK(says(typed({"integration", "lint", "--help"}).out, "REQUIRED"));
  CHECK(says(typed({"stdio", "--help"}).out, "claude_desktop_config.json"));
}

TEST_CASE("The version is said in both forms") {
  const std::string version(app::kVersion);
  CHECK(typed({"--version"}).out == "patchbay " + version + "\n");
  CHECK(typed({"version"}).out == "patchbay " + version + "\n");
  const auto json = json::parse(typed({"version", "--json"}).out);
  REQUIRE(json);
  CHECK(json->string_or("version", "") == version);
}

TEST_CASE("Wrong usage is 2, says why on standard error, and does nothing") {
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {"nonsense"},
           {"serve", "--nonsense"},
           {"serve", "--port"},
           {"integration"},
           {"integration", "validate"},
           {"key"},
           {"key", "new", "a", "b"},
           {"account"},
           {"account", "add"},
           {"server", "show", "x", "--profile", ""},
           {"server", "create", "account"},
           {"server", "update", "x", "--require-api-token", "maybe"},
           {"token", "create", "x", "--scope", "all"},
           {"token", "create", "x", "--environment", " "},
           {"profile", "add", "x"},
           {"tools", "call"},
           {"completion", "fish"},
           {"doctor", "--nonsense"},
           {"demo", "--port", "99999"},
           {"demo", "--scale", "0"},
           {"demo", "--seed", "one"},
           {"demo", "--tags", "support", "--all-tools"},
           {"sandbox", "--tls-cert", "certificate.pem"},
           {"sandbox", "--fault-percent", "101"},
       }) {
    const Outcome refused = typed(words);
    CAPTURE(words.back());
    CHECK(refused.exit_code == 2);
    CHECK(refused.out.empty());
    CHECK(says(refused.err, "--help"));
  }
}

TEST_CASE("An address that stands where none is expected is not printed") {
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {"serve", "postgresql://u:hunter2@h/d"},
           {"serve", "--nonsense=postgresql://u:hunter2@h/d"},
           {"serve", "mysql://u:hun hunter2@h/d", "other"},
           {"postgresql://u:hunter2@h/d"},
           {"store", "backup", "a", "postgresql://u:hunter2@h/d"},
           {"demo", "--port", "postgresql://u:hunter2@h/d"},
           {"demo", "--port=postgresql://u:hunter2@h/d"},
       }) {
    const Outcome refused = typed(words);
    CAPTURE(refused.err);
    CHECK(refused.exit_code == 2);
    CHECK_FALSE(says(refused.out + refused.err, "hunter2"));
  }
  CHECK(says(typed({"serve", "postgresql://u:hunter2@h/d"}).err, "not expected: …\n"));
}

TEST_CASE("A mistyped address of a database is no folder, and not printed") {
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {"store", "migrate", "--from", "./nothing", "--to", "mysql://u:hunter2@h/d"},
           {"store", "migrate", "--from", "Postgresql://u:hunter2@h/d", "--to", "./nothing"},
           {"store", "migrate", "--from", "./nothing", "--to", "postgresql://u:hunter2/x@h/d"},
           {"store", "backup", "x", "--data-dir", "postgers://u:hunter2@h/d"},
           {"serve", "--data-dir", "mysql://u:hunter2@h/d"},
           {"serve", "--database", "mysql://u:hunter2@h/d"},
       }) {
    const Outcome refused = typed(words);
    CAPTURE(refused.err);
    CHECK(refused.exit_code == 1);
    CHECK_FALSE(says(refused.out + refused.err, "hunter2"));
  }
  CHECK(says(typed({"store", "migrate", "--from", "./nothing", "--to", "mysql://h/d"}).err,
             "--to takes the address of a PostgreSQL database, which begins with postgresql://"));
  CHECK_FALSE(std::filesystem::exists("mysql:"));
}

TEST_CASE("A setting that cannot be is refused with its flag, before anything starts") {
  const Outcome refused = typed({"serve", "--port", "soon"});
  CHECK(refused.exit_code == 1);
  CHECK(refused.out.empty());
  CHECK(refused.err.starts_with("patchbay: --port takes a whole number from 0 to 65535"));
  // The later of two wins, as it does over file and environment.
  CHECK(says(typed({"serve", "--port", "1", "--port", "soon"}).err, "'soon'"));
}

TEST_CASE("Options that take a list leave the words behind them alone") {
  ::setenv("PATCHBAY_URL", "http://127.0.0.1:1", 1);
  ::setenv("PATCHBAY_API_TOKEN", "pba_x", 1);
  // Understood, and so it fails at the way there.
  const Outcome refused = typed({"server", "create", "--methods", "read,write", "--set", "a=b",
                                 "--tags", "x", "account", "name"});
  CHECK(refused.exit_code == 1);
  CHECK(says(refused.err, "Cannot connect to 127.0.0.1:1"));
  ::unsetenv("PATCHBAY_URL");
  ::unsetenv("PATCHBAY_API_TOKEN");
}

TEST_CASE("What shells complete is made of the commands that there are") {
  for (const std::string& shell : {"bash", "zsh"}) {
    const std::string script = typed({"completion", shell}).out;
    for (const std::string& command : kCommands) CHECK(says(script, "' " + command + "'"));
    CHECK(says(script, "'server create'"));
    CHECK(says(script, "--confirm-writes"));
    CHECK(says(script, "--data-dir"));
  }
}

TEST_CASE("A configuration file that is not there is named") {
  const testing::TemporaryFolder folder;
  const Outcome refused = typed({"serve", "--config", (folder / "missing.yaml").string()});
  CHECK(refused.exit_code == 1);
  CHECK(says(refused.err, "missing.yaml"));
}

TEST_CASE("What is no URL is no MCP URL") {
  const Outcome refused = typed({"stdio", "nowhere"});
  CHECK(refused.exit_code == 1);
  CHECK(refused.err.starts_with("patchbay: "));
  const Outcome header = typed({"stdio", "http://127.0.0.1:1/mcp/x", "--header", "no colon"});
  CHECK(header.exit_code == 1);
  CHECK(says(header.err, "\"Name: value\""));
}

}  // namespace
}  // namespace patchbay::cli
