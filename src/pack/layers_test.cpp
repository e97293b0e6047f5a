// A hand-written pack over an imported one.
#include "pack/layers.h"

#include <algorithm>
#include <string>

#include <doctest/doctest.h>

#include "catalog/tool.h"
#include "json/parse.h"
#include "json/write.h"

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
  // What the document has beyond it is of the same resource, since it is at the same path.
  CHECK(laid.has("delete_a_acme_ticket_by_id"));
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

TEST_CASE("A field that the document has beyond may be asked for and written, and is not listed") {
  const PackFile rooms{"acme/resources/rooms.yaml", R"(resource: rooms
path: /rooms
fields:
  id: integer
  title: string
  made: date_time
more_fields: {string: [floor]}
methods:
  create:
    description: Makes a room, by hand, for when there are too few of them.
    body: [title]
)"};
  const PackFile imported{"acme/resources/all_rooms.yaml", R"(resource: all_rooms
path: /rooms
fields: {id: integer, title: string, made: string, floor: integer, seats: integer, board: board}
methods:
  create:
    description: Imported, of the document that the vendor has.
    verb: post
    path: /rooms
    body_schema: {properties: {title: {type: string}, made: {type: string}, seats: {type: integer}}}
    body: [board]
)"};
  const Laid laid = lay({kAbout, kBoards, rooms}, {kImportedAbout, imported});
  const auto* resource = laid.find("rooms");
  REQUIRE(resource != nullptr);
  CHECK(laid.find("all_rooms") == nullptr);
  CHECK(resource->find_field("made")->type == integration::FieldType::date_time);
  CHECK(resource->find_field("floor")->type == integration::FieldType::string);
  CHECK(resource->find_field("seats") != nullptr);
  const catalog::Tool* const create = laid.catalog->find("create_a_acme_room");
  REQUIRE(create != nullptr);
  const auto given = [](const char* text) { return json::parse(text).value(); };
  // What a person knew and left out stays out: the API may say nothing of it.
  CHECK_FALSE(create->validator->check(given(R"({"made": "2026-01-01T00:00:00Z"})")).empty());
  CHECK(create->validator->check(given(R"({"title": "A", "seats": 4, "board": 7})")).empty());
  const json::Value listed = create->input_schema();
  const json::Value* const shown = listed.find("properties");
  REQUIRE(shown != nullptr);
  CHECK(shown->find("title") != nullptr);
  CHECK(shown->find("seats") == nullptr);
}

TEST_CASE("Whoever refers to what is listed by hand looks it up there, whatever else is imported") {
  const PackFile about{kImportedAbout.path,
                       kImportedAbout.text + "references:\n  place: {resource: offices}\n"};
  const PackFile sites{"acme/resources/sites.yaml", R"(resource: sites
path: /sites
fields: {id: integer, name: string}
methods:
  list:
    description: Sites that there are, by hand, for when you need one.
    path: /offices
)"};
  const Laid laid =
      lay({kAbout, kTickets, kBoards, sites},
          {about,
           resource("offices", "/offices",
                    method("list", "get", "/offices") + method("audit", "post", "/offices/audit")),
           {"acme/resources/rooms.yaml",
            "resource: rooms\npath: /rooms\nfields: {id: integer, place: place}\n"
            "methods:\n" +
                method("list", "get", "/rooms")}});
  CHECK(laid.find("rooms")->find_field("place")->reference == "sites");
  CHECK(laid.has("acme_offices_audit"));
}

TEST_CASE("A look-up that an imported method has no scope for takes ids, and loads") {
  const PackFile about{kAbout.path,
                       kAbout.text + "  desk: {resource: desks, scope: {boardId: board}}\n"};
  const PackFile desks{"acme/resources/desks.yaml", R"(resource: desks
path: /boards/{boardId}/desks
fields: {id: integer, name: string}
parameters: {boardId: {type: integer, description: Which}}
methods:
  list:
    description: Desks of a board, by hand, for when you need one.
)"};
  const PackFile rooms{"acme/resources/rooms.yaml", R"(resource: rooms
path: /rooms
fields: {id: integer, desk: desk}
methods:
  create:
    description: Imported, of the document that the vendor has.
    verb: post
    path: /rooms
    body: [desk]
  update:
    description: Imported, of the document that the vendor has.
    verb: patch
    path: /boards/{boardId}/desks/{id}
    query_schema: {properties: {boardId: {type: integer}, id: {type: integer}}}
)"};
  const Laid laid = lay({about, kBoards, desks}, {kImportedAbout, rooms});
  CHECK(laid.has("create_a_acme_room"));
}

TEST_CASE("What all methods of a resource take, an imported one takes once") {
  const PackFile desks{"acme/resources/desks.yaml", R"(resource: desks
path: /boards/{boardId}/desks
fields: {id: integer, name: string}
parameters: {boardId: {type: integer, description: By hand}}
methods:
  list:
    description: Desks of a board, by hand, for when you need one.
)"};
  const Laid laid =
      lay({kAbout, kBoards, desks},
          {kImportedAbout,
           resource("board_desks", "/boards/{id}/desks",
                    method("empty_them", "post", "/boards/{boardId}/desks/empty", "boardId"))});
  const catalog::Tool* const tool = laid.catalog->find("acme_desks_empty_them");
  REQUIRE(tool != nullptr);
  CHECK(json::to_string(tool->input_schema()).contains("By hand"));
}

TEST_CASE("A list that makes no tool by hand makes one of what the document says") {
  const PackFile quiet{"acme/resources/boards.yaml", R"(resource: boards
path: /service/boards
fields: {id: integer, name: string}
methods:
  list: {tool: false}
)"};
  const Laid laid =
      lay({kAbout, quiet}, {kImportedAbout, resource("service_boards", "/service/boards",
                                                     method("list", "get", "/service/boards"))});
  CHECK(laid.has("list_all_acme_boards"));
}

TEST_CASE("What imported texts name is there, under the name that it has now") {
  const PackFile rooms{"acme/resources/rooms.yaml", R"(resource: rooms
path: /rooms
fields: {id: integer}
methods:
  get:
    description: >-
      Imported. Its board is from list_all_acme_service_boards, its shelf from list_all_acme_shelves; for
      more, acme_service_boards_close.
    verb: get
    path: /rooms/{id}
    query_schema: {properties: {id: {type: integer}}}
)"};
  const PackFile about{kAbout.path, "tool_prefix: acme_desk\n" + kAbout.text};
  const Laid laid = lay({about, kTickets, kBoards},
                        {kImportedAbout, rooms,
                         resource("service_boards", "/service/boards",
                                  method("list", "get", "/service/boards") +
                                      method("close", "post", "/service/boards/close")),
                         resource("shelves", "/shelves", method("list", "get", "/shelves"))});
  const std::string& text = laid.catalog->find("get_single_acme_desk_room_by_id")->description;
  for (const char* name :
       {"list_all_acme_desk_boards", "list_all_acme_desk_shelves", "acme_desk_boards_close"}) {
    CHECK_MESSAGE(text.contains(name), text);
    CHECK(laid.has(name));
  }
}

TEST_CASE("Another operation under a name that a person gave is called otherwise, and is there") {
  const Laid laid =
      lay({kAbout, kTickets, kBoards},
          {kImportedAbout, resource("service_tickets", "/service/tickets",
                                    method("close", "post", "/service/tickets/close"))});
  CHECK(laid.has("acme_tickets_close"));
  CHECK(laid.has("acme_tickets_close_2"));
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
