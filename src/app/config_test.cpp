#include "app/config.h"

#include <cstdlib>
#include <fstream>
#include <map>

#include <doctest/doctest.h>
#include <unistd.h>

namespace patchbay::app {
namespace {

// A file that lives as long as the test.
class ConfigFile {
 public:
  explicit ConfigFile(std::string_view text) {
    const int descriptor = ::mkstemp(path_.data());
    ::close(descriptor);
    std::ofstream(path_) << text;
  }
  ~ConfigFile() { std::remove(path_.c_str()); }
  const std::string& path() const { return path_; }

 private:
  std::string path_ = "/tmp/patchbay-config-XXXXXX";
};

Result<> outcome_of(const Faults& faults) {
  if (!faults.any()) return {};
  return std::unexpected(faults.told("faults"));
}

Result<> read(Config& config, std::string_view text) {
  const ConfigFile file(text);
  Faults faults;
  read_config_file(config, file.path(), faults);
  return outcome_of(faults);
}

Result<> read_variables(Config& config, const std::map<std::string, std::string>& variables) {
  Faults faults;
  read_environment(
      config,
      [&](const std::string& name) -> const char* {
        const auto found = variables.find(name);
        return found == variables.end() ? nullptr : found->second.c_str();
      },
      faults);
  return outcome_of(faults);
}

// A value of each setting that is not its default. A new setting has one here.
const std::map<std::string_view, std::string> kOthers{
    {"address", "127.0.0.2"},
    {"port", "81"},
    {"expiry-notice", "3600"},
    {"public-url", "https://mcp.example.com"},
    {"data-dir", "/elsewhere"},
    {"database", "postgresql://db.example.com/patchbay"},
    {"key-file", "/key"},
    {"key", "k"},
    {"integrations", "/packs"},
    {"tls-cert", "/cert"},
    {"tls-key", "/cert-key"},
    {"allowed-origins", "https://app.example.com"},
    {"allowed-hosts", "mcp.example.com"},
    {"trusted-proxies", "10.0.0.0/8"},
    {"allow-private-upstreams", "true"},
    {"allow-loopback-upstreams", "true"},
    {"upstream-ca-file", "/ca"},
    {"upstream-timeout", "61"},
    {"repeat-window", "61"},
    {"account-concurrency", "5"},
    {"max-body-bytes", "2048"},
    {"max-header-bytes", "2048"},
    {"max-connections", "11"},
    {"max-bytes-in-flight", "16777216"},
    {"server-memory", "1048576"},
    {"max-unconfirmed", "6"},
    {"serve-without-database", "61"},
    {"shutdown-grace", "11"},
    {"loops", "1"},
    {"conformance-fixtures", "true"},
    {"least-lifetime", "1"},
    {"otlp-endpoint", "http://127.0.0.1:4318"},
    {"otlp-headers-file", "/headers"},
    {"otlp-headers", "x-api-key=k"},
    {"trace-sample", "0.5"},
    {"log-level", "error"},
};

}  // namespace

TEST_CASE("a file sets what it names and leaves the rest at its default") {
  Config config;
  REQUIRE(read(config,
               "port: 9000\npublic_url: https://mcp.example.com\n"
               "allowed_hosts: [a.example, b.example]\nallow_private_upstreams: true\n"));
  CHECK(config.port == 9000);
  CHECK(config.public_url == "https://mcp.example.com");
  CHECK(config.allowed_hosts == std::vector<std::string>{"a.example", "b.example"});
  CHECK(config.allow_private_upstreams);
  CHECK(config.address == "127.0.0.1");
}

TEST_CASE("an empty file is a valid one") {
  Config config;
  CHECK(read(config, ""));
  CHECK(read(config, "# nothing yet\n"));
}

TEST_CASE("a problem in a file is reported with its line and what is accepted") {
  Config config;
  const auto unknown = read(config, "port: 80\npubic_url: x\n");
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().message.find(":2: pubic_url") != std::string::npos);
  CHECK(unknown.error().message.find("did you mean public_url?") != std::string::npos);

  const auto range = read(config, "port: 70000\n");
  REQUIRE_FALSE(range);
  CHECK(range.error().message.find("from 0 to 65535") != std::string::npos);

  CHECK_FALSE(read(config, "port: {a: 1}\n"));
  CHECK_FALSE(read(config, "port: [1]\n"));
  CHECK_FALSE(read(config, "public_url: mcp.example.com\n"));
  CHECK_FALSE(read(config, "- port\n"));
  CHECK_FALSE(read(config, "port: [\n"));
  Faults faults;
  read_config_file(config, "/nowhere/at/all.yaml", faults);
  CHECK(faults.any());
}

TEST_CASE("all that is wrong in a file is told, and what is right is set") {
  Config config;
  const auto refused = read(config, "port: many\nloops: 2\nlog_level: loud\n");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message.contains(":1: port"));
  CHECK(refused.error().message.contains(":3: log_level"));
  CHECK(config.loops == 2);
}

TEST_CASE("a setting that was changed is known by itself, and by no other") {
  for (const Option& option : options()) {
    CAPTURE(option.name);
    const auto other = kOthers.find(option.name);
    REQUIRE(other != kOthers.end());
    Config changed;
    REQUIRE(option.set(changed, other->second));
    for (const Option& each : options()) {
      CAPTURE(each.name);
      CHECK(each.change.same(changed, Config()) == (each.name != option.name));
    }
  }
}

TEST_CASE("the environment overrides the file") {
  Config config;
  REQUIRE(read(config, "port: 9000\nlog_level: error\n"));
  REQUIRE(read_variables(config, {{"PATCHBAY_PORT", "9001"}, {"PATCHBAY_KEY", "k"}}));
  CHECK(config.port == 9001);
  CHECK(config.log_level == telemetry::Level::error);
  CHECK(config.key.reveal() == "k");
}

TEST_CASE("origins and hosts are checked where they are written") {
  Config config;
  CHECK(read(config, "allowed_hosts: [mcp.example.com, \"[::1]:8080\"]\n"));
  CHECK(read(config, "allowed_origins: [\"https://app.example.com\", vscode-file://vscode-app]\n"));
  const auto host = read(config, "allowed_hosts: [https://mcp.example.com]\n");
  REQUIRE_FALSE(host);
  CHECK(host.error().message.contains("allowed_hosts takes places"));
  CHECK(host.error().message.contains("'https://mcp.example.com' is no host name"));
  CHECK_FALSE(read(config, "allowed_origins: [app.example.com]\n"));
}

TEST_CASE("what is given empty is refused, since it was meant to be something") {
  for (const Option& option : options()) {
    CAPTURE(option.name);
    for (const char* empty : {"", " ", "\t"}) {
      Config config;
      CHECK_FALSE(option.set(config, empty));
    }
  }
  Config config;
  for (const char* empty : {"", "\"\"", "[]", "\",\"", "[\"\", \" \"]"}) {
    for (const std::string option : {"allowed_hosts", "allowed_origins"}) {
      CAPTURE(empty);
      const auto refused = read(config, option + ": " + empty + "\n");
      REQUIRE_FALSE(refused);
      CHECK(refused.error().message.contains("leave it out to allow"));
    }
  }
  CHECK_FALSE(read_variables(config, {{"PATCHBAY_ALLOWED_HOSTS", ""}}));
}

TEST_CASE("a problem in the environment names the variable") {
  Config config;
  const auto refused = read_variables(config, {{"PATCHBAY_UPSTREAM_TIMEOUT", "soon"}});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message.starts_with("PATCHBAY_UPSTREAM_TIMEOUT takes a whole number"));
}

TEST_CASE("traces leave this machine encrypted only, and their part is a number from 0 to 1") {
  Config config;
  CHECK(read(config, "otlp_endpoint: https://otel.example.com/prefix\n"));
  CHECK(read(config, "otlp_endpoint: \"http://[::1]:4318\"\n"));
  CHECK_FALSE(read(config, "otlp_endpoint: http://otel.example.com\n"));
  CHECK_FALSE(read(config, "otlp_endpoint: http://127.0.0.1.example.com\n"));
  CHECK_FALSE(read(config, "otlp_endpoint: 127.0.0.1:4318\n"));
  CHECK(read(config, "trace_sample: 0.25\n"));
  CHECK(config.trace_sample == 0.25);
  for (const std::string wrong : {"-0.1", "1.1", "nan", "some", "0.5x", "\"\""}) {
    CHECK_FALSE(read(config, "trace_sample: " + wrong + "\n"));
  }
}

TEST_CASE("a variable that is no setting is noticed") {
  const char* const environment[] = {"HOME=/root", "PATCHBAY_PORT=1", "PATCHBAY_PRT=1",
                                     "PATCHBAY_MCP_URL=x", nullptr};
  CHECK(unknown_variables(environment) == std::vector<std::string>{"PATCHBAY_PRT"});
}

TEST_CASE("an MCP server lives a minute at least, unless a test asks for less") {
  Config config;
  CHECK(config.least_lifetime == std::chrono::seconds(60));
  CHECK(read(config, "least_lifetime: 1\n"));
  CHECK(config.least_lifetime == std::chrono::seconds(1));
  CHECK_FALSE(read(config, "least_lifetime: 0\n"));
  CHECK_FALSE(read(config, "least_lifetime: 61\n"));
}

TEST_CASE("every option has help that ends with a sentence, and no two share a name") {
  std::map<std::string_view, int> names;
  for (const Option& option : options()) {
    CAPTURE(option.name);
    CHECK(option.help.ends_with('.'));
    CHECK(++names[option.name] == 1);
  }
}

}  // namespace patchbay::app
