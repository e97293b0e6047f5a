#include "reach/ways.h"

#include <fstream>
#include <iterator>
#include <string>

#include <doctest/doctest.h>

#include "base/text.h"
#include "integration/naming.h"
#include "pack/loader.h"
#include "reach/pointers.h"

namespace patchbay::reach {
namespace {

const integration::Integration& definition() {
  static const auto kLoaded = pack::load_pack(pack::embedded_pack("connectwise_psa"));
  REQUIRE(kLoaded.integration != nullptr);
  return *kLoaded.integration;
}

const integration::Method& method(std::string_view resource, std::string_view name) {
  const auto* found = definition().find_resource(resource)->find_method(name);
  REQUIRE_MESSAGE(found != nullptr, resource << "." << name);
  return *found;
}

}  // namespace

TEST_CASE("the guide names just those tools that cannot be held to a company") {
  std::ifstream stream(PATCHBAY_SOURCE_DIR "/docs/governing.md");
  REQUIRE(stream.is_open());
  const std::string guide((std::istreambuf_iterator<char>(stream)),
                          std::istreambuf_iterator<char>());
  const auto begin = guide.find("| tools of | since |");
  REQUIRE(begin != std::string::npos);
  const std::string told = guide.substr(begin, guide.find("Without `unheld_tools`", begin) - begin);
  const Ways ways(definition());
  for (const auto& resource : definition().resources) {
    const bool has_row = told.contains("\n| " + to_lower(resource.label) + " |");
    bool some = false;
    for (const auto& each : resource.methods) {
      // Of several calls in one, each is held by itself.
      if (each.composite || !integration::makes_tool(each)) continue;
      const auto why = why_not_held(ways, resource, each);
      if (!why) continue;
      some = true;
      const std::string tool = integration::tool_name(definition().tool_prefix, resource, each);
      CHECK_MESSAGE((has_row || told.contains(tool)), tool << ": " << *why);
    }
    if (has_row && !some) FAIL_CHECK(resource.label << " can be held, and the guide denies it");
  }
}

TEST_CASE(
    "an address leads to a list, a record, a count or a part, past the records that it names") {
  const Ways ways(definition());
  const auto note = ways.of("/service/tickets/7/notes/9");
  CHECK(note.leads == Leads::record);
  REQUIRE(note.past.size() == 2);
  CHECK(note.past[0].resource->name == "tickets");
  CHECK(note.past[0].path == "/service/tickets/7");
  CHECK(note.past[1].resource->name == "ticket_notes");
  CHECK(note.past[1].id == "9");
  CHECK(ways.of("/service/tickets/count").leads == Leads::count);
  CHECK(ways.of("/company/companies/types").resource->name == "company_types");
  const auto merge = ways.of("/service/tickets/7/merge");
  CHECK(merge.leads == Leads::part);
  CHECK(merge.past.size() == 1);
}

TEST_CASE("what the definition does not have leads nowhere, nor does anything in an id's place") {
  const Ways ways(definition());
  for (const char* path :
       {"", "/", "service/tickets", "/service/tickets/", "/service/tickets//notes", "/service",
        "/service/tickets/7/secrets", "/service/tickets/7%2F..%2F8", "/service/tickets/{id}",
        "/service/tickets/-7", "/service/tickets/../tickets", "/service/Tickets/7/notes/x",
        "/finance/agreements/7/additions/8/9"}) {
    CHECK_MESSAGE(ways.of(path).leads == Leads::nowhere, path);
  }
}

TEST_CASE("every resource of the pack says whose its records are") {
  for (const auto& resource : definition().resources) {
    CHECK_MESSAGE(resource.owned_by.kind != integration::Ownership::Kind::untold, resource.name);
    const bool several = resource.owned_by.kind == integration::Ownership::Kind::several;
    CHECK_MESSAGE(resource.owned_by.reason.empty() != several, resource.name);
  }
  CHECK(definition().owners.argument == "companyId");
}

TEST_CASE("a method that can be held is, and what cannot says why") {
  const Ways ways(definition());
  const auto why = [&](const char* resource, const char* name) {
    return why_not_held(ways, *definition().find_resource(resource), method(resource, name));
  };
  using Row = std::pair<const char*, const char*>;
  for (const auto& [resource, name] : {Row{"tickets", "list"},
                                       {"tickets", "get"},
                                       {"tickets", "create"},
                                       {"tickets", "update"},
                                       {"tickets", "merge"},
                                       {"tickets", "attach_children"},
                                       {"ticket_notes", "list"},
                                       {"ticket_notes", "create"},
                                       {"ticket_notes", "update"},
                                       {"ticket_notes", "delete"},
                                       {"time_entries", "create"},
                                       {"time_entries", "update"},
                                       {"expense_entries", "create"},
                                       {"contacts", "create"},
                                       {"company_sites", "update"},
                                       {"companies", "get"},
                                       {"boards", "list"},
                                       {"members", "list"},
                                       {"products", "create"},
                                       {"invoices", "create"},
                                       {"activities", "create"},
                                       {"ticket_configurations", "create"},
                                       {"agreements", "create"},
                                       {"configurations", "create"},
                                       {"sales_opportunities", "create"},
                                       {"projects", "create"}}) {
    const auto said = why(resource, name);
    CHECK_MESSAGE(!said, resource << "." << name << ": " << said.value_or(""));
  }
  for (const auto& [resource, name] : {Row{"documents", "list"},
                                       {"documents", "download"},
                                       {"companies", "create"},
                                       {"callbacks", "list"},
                                       {"audit_trail", "list"},
                                       {"purchase_orders", "create"},
                                       {"boards", "update"},
                                       {"ticket_configurations", "delete"},
                                       {"time_sheets", "submit"}}) {
    if (definition().find_resource(resource)->find_method(name) == nullptr) continue;
    CHECK_MESSAGE(why(resource, name).has_value(), resource << "." << name);
  }
}

}  // namespace patchbay::reach
