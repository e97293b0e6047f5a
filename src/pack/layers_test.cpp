// A hand-written pack over an imported one.
#include "pack/layers.h"

#include <algorithm>
#include <string>

#include <doctest/doctest.h>

#include "catalog/tool.h"

namespace patchbay::pack {
namespace {

const PackFile kAbout{"acme/integration.yaml", R"(name: acme
label: By hand
base_url: "https://acme.example.com"
auth: {style: none}
references:
  board: boards
)"};

const PackFile kTickets{"acme/resources/tickets.yaml", R"(resource: tickets
path: /service/tickets
fields:
  id: integer
  title: {type: string, description: By hand}
methods:
  list:
    description: Tickets of all boards, by hand, for when you need one.
    parameters: {state: {type: string, description: Where they stand}}
  close:
    description: Closes a ticket, as a person wrote it here by hand.
    verb: post
    path: /service/tickets/{ticketId}/close
    parameters: {ticketId: {type: integer, description: Which}}
)"};

const PackFile kBoards{"acme/resources/boards.yaml", R"(resource: boards
path: /service/boards
fields: {id: integer, name: string}
methods:
  list:
    description: Boards that tickets are on, by hand, for when you need one.
)"};

// As imports write them: what they refer to is there.
const PackFile kImportedAbout{"acme/integration.yaml", R"(name: acme
label: Imported
version: "7"
base_url: "https://other.example.com"
auth: {style: bearer, token: "{token}"}
)"};

std::string method(std::string_view name, std::string_view verb, std::string_view path,
                   std::string_view placeholder = "") {
  std::string text =
      "  " + std::string(name) + ":\n    description: Imported, of the document that " +
      "the vendor has.\n    verb: " + std::string(verb) + "\n    path: " + std::string(path) + "\n";
  if (!placeholder.empty()) {
    text += "    query_schema: {required: [" + std::string(placeholder) + "], properties: {" +
            std::string(placeholder) + ": {type: integer}}}\n";
  }
  return text;
}

PackFile resource(const std::string& name, std::string_view path, const std::string& methods) {
  return {"acme/resources/" + name + ".yaml",
          "resource: " + name + "\npath: " + std::string(path) +
              "\nfields: {id: integer, title: string, extra: {type: string, description: More}}\n"
              "methods:\n" +
              methods};
}

struct Laid {
  std::shared_ptr<const integration::Integration> integration;
  std::shared_ptr<const catalog::ToolCatalog> catalog;

  const integration::Resource* find(std::string_view name) const {
    return integration->find_resource(name);
  }
  bool has(std::string_view tool) const { return catalog->find(tool) != nullptr; }
};

Laid lay(const std::vector<PackFile>& over, const std::vector<PackFile>& under) {
  LoadOutcome loaded = load_parsed(lay_over(parse_files(over), parse_files(under)));
  for (const Problem& problem : loaded.problems) MESSAGE(problem.message);
  REQUIRE(loaded.integration);
  return {loaded.integration, catalog::ToolCatalog::generate(loaded.integration).value()};
}

TEST_CASE("Of integration.yaml what is written by hand wins, and what it leaves out is imported") {
  const Laid laid = lay({kAbout, kTickets, kBoards}, {kImportedAbout});
  CHECK(laid.integration->label == "By hand");
  CHECK(laid.integration->version == "7");
  CHECK(laid.integration->base_url == "https://acme.example.com");
  CHECK(laid.integration->auth.style == integration::AuthStyle::none);
}

TEST_CASE("An operation that is written by hand is there once, whatever either calls it") {
  const Laid laid =
      lay({kAbout, kTickets, kBoards},
          {kImportedAbout,
           resource("service_tickets", "/service/tickets",
                    method("list", "get", "/service/tickets") +
                        method("close_it", "post", "/service/tickets/{id}/close", "id") +
                        method("delete", "delete", "/service/tickets/{id}", "id"))});
  CHECK(laid.has("list_all_acme_tickets"));
  CHECK_FALSE(laid.has("list_all_acme_service_tickets"));
  CHECK_FALSE(laid.has("acme_service_tickets_close_it"));
  CHECK(laid.has("delete_a_acme_service_ticket_by_id"));
  CHECK(laid.catalog->find("list_all_acme_tickets")->description.contains("by hand"));
}

TEST_CASE("A resource that is covered whole is gone, and references lead to what covers it") {
  const PackFile about{kImportedAbout.path, kImportedAbout.text +
                                                "references:\n  board: service_boards\n"
                                                "  place: {resource: service_boards}\n"};
  const Laid laid =
      lay({kAbout, kTickets, kBoards},
          {about,
           resource("service_boards", "/service/boards", method("list", "get", "/service/boards/")),
           {"acme/resources/rooms.yaml",
            "resource: rooms\npath: /rooms\nfields: {id: integer, place: place}\nmethods:\n" +
                method("list", "get", "/rooms")}});
  CHECK(laid.find("service_boards") == nullptr);
  const auto* rooms = laid.find("rooms");
  REQUIRE(rooms != nullptr);
  const integration::Field* place = rooms->find_field("place");
  REQUIRE(place != nullptr);
  CHECK(place->reference == "boards");
}

TEST_CASE("A resource of the same name and path has the fields and methods of both") {
  const Laid laid =
      lay({kAbout, kTickets, kBoards},
          {kImportedAbout, resource("tickets", "/service/tickets",
                                    method("list", "get", "/service/tickets") +
                                        method("merge", "post", "/service/tickets/merge"))});
  const auto* tickets = laid.find("tickets");
  REQUIRE(tickets != nullptr);
  CHECK(tickets->find_field("title")->description == "By hand");
  CHECK(tickets->find_field("extra") != nullptr);
  CHECK(laid.has("acme_tickets_merge"));
}

TEST_CASE("A resource of the same name elsewhere is called by more of its path") {
  const Laid laid = lay({kAbout, kTickets, kBoards},
                        {kImportedAbout, resource("tickets", "/project/tickets",
                                                  method("list", "get", "/project/tickets"))});
  CHECK(laid.has("list_all_acme_tickets"));
  CHECK(laid.has("list_all_acme_project_tickets"));
}

TEST_CASE("A method that says nothing of itself has what the document says") {
  const PackFile silent{"acme/resources/boards.yaml", R"(resource: boards
path: /service/boards
fields: {id: integer, name: string}
methods:
  list: {tags: [desk]}
)"};
  const Laid laid = lay({kAbout, kTickets, silent},
                        {kImportedAbout, resource("service_boards", "/service/boards",
                                                  method("list", "get", "/service/boards"))});
  REQUIRE(laid.has("list_all_acme_boards"));
  CHECK(laid.catalog->find("list_all_acme_boards")->description.contains("vendor"));
}

TEST_CASE("What is no YAML is told with its own line, in whichever layer it stands") {
  const PackFile broken{"acme/resources/boards.yaml", "resource: boards\nfields: [\n"};
  const LoadOutcome over =
      load_parsed(lay_over(parse_files({kAbout, kTickets, broken}), parse_files({kImportedAbout})));
  CHECK_FALSE(over.integration);
  CHECK(std::ranges::any_of(over.problems, [](const Problem& problem) {
    return problem.file == "acme/resources/boards.yaml" && problem.line > 1;
  }));
}

}  // namespace
}  // namespace patchbay::pack
