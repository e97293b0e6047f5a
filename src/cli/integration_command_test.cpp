#include <fstream>

#include "cli/test_command.h"
#include "json/parse.h"

namespace patchbay::cli {
namespace {

using testing::Outcome;
using testing::says;
using testing::typed;

const std::string kShipped = PATCHBAY_SOURCE_DIR "/integrations/connectwise_psa";

TEST_CASE("The shipped integration is valid, and its size is told") {
  const Outcome checked = typed({"integration", "validate", kShipped});
  CHECK(checked.exit_code == 0);
  CHECK(checked.out.starts_with("connectwise_psa: "));
  CHECK(says(checked.out, " tools\n"));
  const auto json = json::parse(typed({"integration", "validate", kShipped, "--json"}).out);
  REQUIRE(json);
  CHECK(json->find("valid")->if_bool() != nullptr);
  CHECK(*json->find("valid")->if_bool());
  CHECK(json->int64_or("tools", 0) > 100);
  CHECK(json->find("problems")->if_array()->empty());
}

TEST_CASE("A problem is told with its place and its fix, in both forms, and is exit code 1") {
  const testing::TemporaryFolder folder;
  std::filesystem::create_directory(folder / "acme");
  std::ofstream(folder / "acme" / "integration.yaml") << "name: acme\nbase_ulr: \"https://x\"\n";
  const std::string path = (folder / "acme").string();

  const Outcome checked = typed({"integration", "validate", path});
  CHECK(checked.exit_code == 1);
  CHECK(says(checked.out, "integration.yaml:2: error: "));
  CHECK(says(checked.out, "base_url"));
  CHECK(says(checked.out, path + ": "));

  const Outcome in_json = typed({"integration", "validate", path, "--json"});
  CHECK(in_json.exit_code == 1);
  const auto json = json::parse(in_json.out);
  REQUIRE(json);
  CHECK_FALSE(*json->find("valid")->if_bool());
  const json::Value& first = json->find("problems")->if_array()->front();
  CHECK(says(std::string(first.string_or("file", "")), "integration.yaml"));
  CHECK(first.string_or("severity", "") == "error");
  CHECK_FALSE(first.string_or("message", "").empty());
}

TEST_CASE("A folder of another name than its integration is a problem, as it is to a server") {
  const testing::TemporaryFolder folder;
  std::filesystem::create_directory(folder / "acme_old");
  std::ofstream(folder / "acme_old" / "integration.yaml")
      << "name: acme\nbase_url: \"https://acme.example.com\"\nauth: {style: none}\n";
  const Outcome checked = typed({"integration", "validate", (folder / "acme_old").string()});
  CHECK(checked.exit_code == 1);
  CHECK(says(checked.out, "it is named 'acme', and its folder 'acme_old'"));
}

TEST_CASE("A folder that cannot be read is said on standard error") {
  const testing::TemporaryFolder folder;
  const Outcome refused = typed({"integration", "validate", (folder / "missing").string()});
  CHECK(refused.exit_code == 1);
  CHECK(refused.out.empty());
  CHECK(refused.err.starts_with("patchbay: "));
}

}  // namespace
}  // namespace patchbay::cli
