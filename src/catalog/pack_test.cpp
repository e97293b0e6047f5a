// The packs that are shipped: what they promise to everyone who has a server from them.
#include <algorithm>
#include <regex>
#include <set>

#include <doctest/doctest.h>

#include "base/text.h"
#include "catalog/listing.h"
#include "catalog/loader.h"
#include "catalog/tool.h"
#include "json/parse.h"
#include "json/write.h"

namespace patchbay::catalog {
namespace {

std::string told(const std::vector<Fault>& faults) {
  std::string out;
  for (const Fault& fault : faults) {
    out += fault.file + ":" + std::to_string(fault.line) + ": " + fault.message + " (" + fault.fix +
           ")\n";
  }
  return out;
}

std::shared_ptr<const ToolCatalog> shipped() {
  const LoadOutcome outcome = load_pack(embedded_pack("connectwise_psa"));
  REQUIRE_MESSAGE(outcome.integration != nullptr, told(outcome.faults));
  auto catalog = ToolCatalog::generate(outcome.integration);
  REQUIRE(catalog.has_value());
  return *catalog;
}

}  // namespace

TEST_CASE("the shipped pack has neither faults nor warnings") {
  const LoadOutcome outcome = lint_pack(embedded_pack("connectwise_psa"));
  CHECK_MESSAGE(outcome.faults.empty(), told(outcome.faults));
  CHECK(outcome.integration != nullptr);
}

TEST_CASE("prints the cost of each tool") {
  const auto catalog = shipped();
  std::size_t total = 0;
  for (const auto& tool : catalog->tools()) {
    MESSAGE(tool->name << " " << listing_bytes(*tool) / 4);
    total += listing_bytes(*tool);
  }
  MESSAGE((total / 4) << " / " << catalog->tools().size());
  MESSAGE(json::to_pretty_string(catalog->tools()[0]->input_schema));
}

}  // namespace patchbay::catalog
