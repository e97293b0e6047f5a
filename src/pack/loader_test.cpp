#include "pack/loader.h"

#include <algorithm>

#include <doctest/doctest.h>

#include "catalog/argument_schema.h"
#include "catalog/tool.h"
#include "json/parse.h"
#include "json/write.h"

namespace patchbay::pack {
namespace {

constexpr std::string_view kIntegration = R"(name: acme
base_url: "{site}/api"
credentials:
  - {name: site}
pagination: {style: page, order_parameter: sort, fields_parameter: fields, filter_parameter: where}
dialects: {filter: connectwise_conditions, update: json_patch}
enums:
  level: [Low, High]
references:
  group: groups
  kind: {resource: kinds, scope: {groupId: group}}
)";

constexpr std::string_view kGroups = R"(resource: groups
path: /groups
fields: {id: integer, name: string}
methods:
  list:
    description: Groups of things, which things belong to.
    default_fields: [id, name]
)";

constexpr std::string_view kKinds = R"(resource: kinds
path: /groups/{groupId}/kinds
fields: {id: integer, name: string}
parameters: {groupId: group}
methods:
  list:
    description: Kinds of things that a group has.
    default_fields: [id, name]
)";

constexpr std::string_view kThings = R"(resource: things
tags: [stuff]
path: /things
fields:
  id: integer
  title: {type: string, max_length: 20}
  group: group
  kind: kind
  level: level
  made: {type: date_time, in_info: true}
methods:
  list:
    description: Things of all groups, newest first, for when you need one.
    filters:
      group: group
      groupId: group/id
      titleContains: title contains
      madeAfter: made >=
      levels: level in
      unmade: {filter: made is null, description: Not made yet}
    default_fields: [id, title, group/name]
    default_order: id desc
    count: true
  create:
    description: Makes a thing in a group, which is looked up by its name.
    body: [title, group, kind, level]
    required: [title, group]
    examples: [{title: x, group: Tools}]
)";

std::vector<PackFile> pack(std::string_view things = kThings,
                           std::string_view integration = kIntegration) {
  return {{"acme/integration.yaml", std::string(integration)},
          {"acme/resources/groups.yaml", std::string(kGroups)},
          {"acme/resources/kinds.yaml", std::string(kKinds)},
          {"acme/resources/things.yaml", std::string(things)}};
}

std::string replaced(std::string_view text, std::string_view from, std::string_view to) {
  std::string out(text);
  const auto at = out.find(from);
  REQUIRE_MESSAGE(at != std::string::npos, from);
  return out.replace(at, from.size(), to);
}

// "line: message (fix)" of the only problem that things.yaml has after the replacement.
std::string problem_of(std::string_view from, std::string_view to) {
  const LoadOutcome outcome = load_pack(pack(replaced(kThings, from, to)));
  if (outcome.problems.empty()) return "none";
  const Problem& problem = outcome.problems[0];
  CHECK(problem.warning == (outcome.integration != nullptr));
  return (problem.file == "acme/resources/things.yaml" ? "" : problem.file + ":") +
         std::to_string(problem.line) + ": " + problem.message + " (" + problem.fix + ")";
}

std::string integration_problem(std::string_view from, std::string_view to) {
  const LoadOutcome outcome = load_pack(pack(kThings, replaced(kIntegration, from, to)));
  if (outcome.problems.empty()) return "none";
  return std::to_string(outcome.problems[0].line) + ": " + outcome.problems[0].message + " (" +
         outcome.problems[0].fix + ")";
}

const integration::Argument& argument_of(const integration::Method& method, std::string_view name) {
  const auto found = std::ranges::find(method.arguments, name, &integration::Argument::name);
  REQUIRE_MESSAGE(found != method.arguments.end(), name);
  return *found;
}

}  // namespace

TEST_CASE("a file that is no YAML is one problem, under the folder that was given") {
  const LoadOutcome outcome = load_pack({{"copy/integration.yaml", std::string(kIntegration)},
                                         {"copy/resources/groups.yaml", "resource: [groups\n"},
                                         {"copy/resources/kinds.yaml", std::string(kKinds)},
                                         {"copy/resources/things.yaml", std::string(kThings)}});
  CHECK(outcome.integration == nullptr);
  REQUIRE(outcome.problems.size() == 1);
  CHECK(outcome.problems[0].file == "copy/resources/groups.yaml");
}

TEST_CASE("a short definition expands to methods with their arguments") {
  const LoadOutcome outcome = load_pack(pack());
  for (const Problem& problem : outcome.problems) MESSAGE(problem.file << ": " << problem.message);
  REQUIRE(outcome.integration != nullptr);
  CHECK(outcome.problems.empty());
  const integration::Resource& things = *outcome.integration->find_resource("things");
  CHECK(things.singular == "thing");
  CHECK(things.label == "Things");
  CHECK(things.find_field("GROUP/Name")->type == integration::FieldType::string);
  CHECK(things.find_field("nothing") == nullptr);

  const integration::Method& list = *things.find_method("list");
  CHECK(list.count_path.text() == "/things/count");
  CHECK(list.annotations.read_only);
  CHECK(argument_of(list, "group").type == integration::FieldType::reference);
  CHECK(argument_of(list, "groupId").target == "group/id");
  CHECK(argument_of(list, "titleContains").filter_operator ==
        integration::FilterOperator::contains);
  CHECK(argument_of(list, "unmade").type == integration::FieldType::boolean);
  CHECK(json::to_string(argument_of(list, "levels").schema) ==
        R"({"type":"array","items":{"type":"string","enum":["Low","High"]}})");
  CHECK(argument_of(list, "limit").place == integration::ArgumentPlace::platform);
  CHECK(argument_of(list, "conditions").place == integration::ArgumentPlace::platform);

  const integration::Method& create = *things.find_method("create");
  CHECK(create.verb == integration::Verb::post);
  CHECK_FALSE(create.annotations.destructive);
  CHECK(argument_of(create, "title").required);
  CHECK(json::to_string(argument_of(create, "title").schema) ==
        R"({"type":"string","maxLength":20})");
  CHECK(argument_of(create, "kind").reference->scopes[0].parameter == "groupId");
  CHECK(argument_of(create, "kind").reference->list_tool == "list_all_acme_kinds");
  CHECK(create.body_schema.find("properties")->find("title") != nullptr);
  CHECK(catalog::field_schema(*things.find_field("group")).find("properties")->find("name") !=
        nullptr);
}

TEST_CASE("every problem says where it is and how to mend it") {
  CHECK(problem_of("  create:", "  write:")
            .contains("method 'write' is what servers call a group of methods"));
  CHECK(problem_of("tags:", "tgas:") == "2: resource: unknown key 'tgas' (did you mean tags?)");
  CHECK(problem_of("  level: level", "  level: levle") ==
        "9: field 'level': unknown type 'levle' (did you mean level?)");
  CHECK(problem_of("title contains", "titel contains")
            .starts_with("17: method 'list': filter 'titleContains': 'titel' is no field"));
  CHECK(problem_of("title contains", "title holds")
            .starts_with("17: method 'list': filter 'titleContains': unknown operator 'holds'"));
  CHECK(
      problem_of("[title, group, kind, level]", "[titel, group]")
          .starts_with("26: method 'create': argument 'titel': 'titel' is no field (did you mean"));
  CHECK(problem_of("required: [title, group]", "required: [title, grop]") ==
        "27: method 'create': required 'grop' is no argument (did you mean group?)");
  CHECK(problem_of("default_fields: [id, title,", "default_fields: [id, naem,")
            .starts_with("21: method 'list': default field 'naem' is no field"));
  CHECK(problem_of("default_order: id desc", "default_order: idd desc")
            .starts_with("22: method 'list': cannot be ordered by 'idd'"));
  CHECK(problem_of("count: true", "count: true\n    verb: fetch")
            .starts_with("24: method 'list': 'verb' cannot be 'fetch' (use one of get, post"));
  CHECK(problem_of("in_info: true", "in_info: perhaps")
            .starts_with("10: field 'made': in_info must be true or false"));
  CHECK(problem_of("max_length: 20", "max_length: twenty")
            .starts_with("6: field 'title': 'max_length' must be a whole number"));
  CHECK(problem_of("path: /things", "path: /boxes/{boxId}/things")
            .find("the path's {boxId} has no argument (add it to `parameters:`)") !=
        std::string::npos);
  CHECK(problem_of("  level: level\n", "  level: level\n  Title: string\n")
            .starts_with("10: field 'Title' is described twice"));
  CHECK(problem_of("resource: things", "resource: thinks").find("name the file thinks.yaml") !=
        std::string::npos);
  CHECK(problem_of("      group: group\n", "      limit: title\n")
            .find("argument 'limit' stands there twice") != std::string::npos);
  CHECK(problem_of("      group: group\n", "      \"a b\": title\n")
            .find("is no name that clients accept") != std::string::npos);
  CHECK(problem_of("[title, group, kind, level]", "[title, group: 1, kind]").find("26:") == 0);
  CHECK(problem_of("[title, group, kind, level]", "[title, kind]\n    tags: [x]")
            .find("its scope 'group' is no argument of method 'create'") != std::string::npos);
  CHECK(problem_of("Makes a thing", std::string(1'100, 'x')).find("clients cut at 1,024") !=
        std::string::npos);
  CHECK(problem_of("  id: integer", "  id: [unclosed").find("YAML") != std::string::npos);
}

TEST_CASE("problems of integration.yaml") {
  CHECK(integration_problem("{site}/api", "{sight}/api") ==
        "2: base_url: '{sight}' is no credential (known: site)");
  CHECK(integration_problem("name: acme\n", "").find("'name' is missing") != std::string::npos);
  CHECK(integration_problem("name: acme", "name: Acme Inc").find("no snake_case") !=
        std::string::npos);
  CHECK(integration_problem("style: page", "style: pages").find("use one of none, page") !=
        std::string::npos);
  CHECK(integration_problem("group: groups", "group: grups") ==
        "10: reference 'group': there is no resource 'grups' with a list method (did you mean "
        "groups?)");
  CHECK(integration_problem("scope: {groupId: group}", "scope: {grpId: group}")
            .find("the list of 'kinds' has no argument 'grpId'") != std::string::npos);
  CHECK(integration_problem("scope: {groupId: group}}", "match: [label]}")
            .find("'kinds' has no field 'label' to match") != std::string::npos);
  CHECK(integration_problem("- {name: site}", "- {name: site, pattern: \"(?=x)\"}")
            .find("pattern does not compile") != std::string::npos);
  CHECK(load_pack({}).problems[0].message == "integration.yaml is missing");
}

TEST_CASE("all problems are told at once, sorted by file and line") {
  std::string things = replaced(kThings, "tags:", "tgas:");
  things = replaced(things, "title contains", "titel contains");
  const LoadOutcome outcome = load_pack(pack(things));
  CHECK(outcome.integration == nullptr);
  REQUIRE(outcome.problems.size() == 2);
  CHECK(outcome.problems[0].line < outcome.problems[1].line);
}

TEST_CASE("a method without a description makes no tool, and lint says so") {
  const auto files = pack(replaced(
      kThings, "    description: Makes a thing in a group, which is looked up by its name.\n", ""));
  const LoadOutcome loaded = load_pack(files);
  REQUIRE(loaded.integration != nullptr);
  CHECK(loaded.problems.empty());
  const auto catalog = catalog::ToolCatalog::generate(loaded.integration);
  REQUIRE(catalog.has_value());
  CHECK((*catalog)->find("create_a_acme_thing") == nullptr);
  CHECK((*catalog)->find("list_all_acme_things") != nullptr);

  const LoadOutcome linted = lint_pack(files);
  CHECK(linted.integration != nullptr);
  CHECK(std::ranges::any_of(linted.problems, [](const Problem& problem) {
    return problem.warning && problem.message.find("makes no tool") != std::string::npos;
  }));
}

TEST_CASE("a list may make no tool by intent, and nothing else may") {
  constexpr std::string_view kListed =
      "    description: Things of all groups, newest first, for when you need one.\n";
  CHECK(problem_of(kListed, std::string(kListed) + "    tool: false\n") ==
        "13: method 'list': 'description' no tool shows it with tool: false (make it a comment)");
  CHECK(problem_of("    description: Makes a thing in a group, which is looked up by its name.\n",
                   "    tool: false\n")
            .contains("only a list is of use without one"));
  const LoadOutcome linted = lint_pack(pack(replaced(kThings, kListed, "    tool: false\n")));
  REQUIRE(linted.integration != nullptr);
  CHECK(std::ranges::none_of(linted.problems, [](const Problem& problem) {
    return problem.message.find("makes no tool") != std::string::npos;
  }));
  const auto catalog = catalog::ToolCatalog::generate(linted.integration);
  REQUIRE(catalog.has_value());
  CHECK((*catalog)->find("list_all_acme_things") == nullptr);
}

TEST_CASE("lint tries the examples") {
  const LoadOutcome outcome = lint_pack(pack(replaced(
      kThings, "examples: [{title: x, group: Tools}]", "examples: [{title: x, grop: Tools}]")));
  CHECK(std::ranges::any_of(outcome.problems, [](const Problem& problem) {
    return problem.message.find("its example is refused") != std::string::npos;
  }));
}

TEST_CASE("an expansion asks for the fields that it needs") {
  const LoadOutcome outcome =
      load_pack(pack(replaced(kThings, "    count: true\n", R"(    count: true
    expansions:
      includeParts: {path: "/things/{id}/parts", fields: [id, name], target: parts}
)")));
  for (const Problem& problem : outcome.problems) MESSAGE(problem.line << ": " << problem.message);
  REQUIRE(outcome.integration != nullptr);
  const integration::Method& list =
      *outcome.integration->find_resource("things")->find_method("list");
  REQUIRE(list.expansions.size() == 1);
  CHECK(list.expansions[0].fields == std::vector<std::string>{"id", "name"});
  CHECK(list.expansions[0].source.empty());
  CHECK(argument_of(list, "includeParts").place == integration::ArgumentPlace::expansion);
}

TEST_CASE("methods may bring JSON Schemas of their own") {
  const std::string things = std::string(kThings) + R"(  archive:
    description: Archives a thing, which an import from OpenAPI described.
    verb: post
    path: /things/{thingId}/archive
    query_schema:
      type: object
      required: [thingId]
      properties:
        thingId: {type: integer}
        dryRun: {type: boolean}
        note: {type: string}
    body_schema:
      type: object
      properties:
        note: {type: string, maxLength: 5}
        groupId: {type: integer, description: The group}
        until: {type: string, format: date-time}
    binding: {dryRun: {target: dry_run}}
    references: {groupId: group}
)";
  const LoadOutcome outcome = load_pack(pack(things));
  for (const Problem& problem : outcome.problems) MESSAGE(problem.line << ": " << problem.message);
  REQUIRE(outcome.integration != nullptr);
  const integration::Method& method =
      *outcome.integration->find_resource("things")->find_method("archive");
  CHECK(method.kind == integration::MethodKind::custom);
  CHECK(argument_of(method, "thingId").place == integration::ArgumentPlace::path);
  CHECK(argument_of(method, "dryRun").target == "dry_run");
  CHECK(argument_of(method, "groupId").reference->resource == "groups");
  // A time may come without an offset: the gateway completes it.
  CHECK(argument_of(method, "until").type == integration::FieldType::date_time);
  CHECK(argument_of(method, "until").schema.find("format") == nullptr);
  CHECK(std::ranges::count(method.arguments, "note", &integration::Argument::name) == 2);

  const auto catalog = catalog::ToolCatalog::generate(outcome.integration);
  REQUIRE(catalog.has_value());
  const catalog::Tool* tool = (*catalog)->find("acme_things_archive");
  REQUIRE(tool != nullptr);
  // In query and body: one argument for the caller, and the body's schema wins.
  CHECK(json::to_string(*tool->input_schema().find("properties")->find("note")) ==
        R"({"type":"string","maxLength":5})");
  CHECK(std::ranges::count(tool->argument_names, "note") == 1);

  const LoadOutcome with_ref =
      load_pack(pack(replaced(things, "dryRun: {type: boolean}", "dryRun: {$ref: \"#/x\"}")));
  CHECK(with_ref.integration == nullptr);
  CHECK(std::ranges::any_of(with_ref.problems, [](const Problem& problem) {
    return problem.message.find("has a $ref") != std::string::npos;
  }));
}

TEST_CASE("two methods that make the same tool are told where the second stands") {
  auto files = pack();
  files.push_back({"acme/resources/thingies.yaml",
                   replaced(replaced(kThings, "resource: things", "resource: thingies"),
                            "path: /things", "singular: thing\npath: /thingies")});
  for (const auto& load : {load_pack, lint_pack}) {
    const LoadOutcome outcome = load(files);
    CHECK(outcome.integration == nullptr);
    REQUIRE(outcome.problems.size() == 1);
    const Problem& problem = outcome.problems[0];
    CHECK(problem.file == "acme/resources/things.yaml");
    CHECK(problem.line == 24);
    CHECK(problem.message ==
          "method 'create' makes the tool 'create_a_acme_thing', and so does thingies.create");
    CHECK(problem.fix.contains("`singular:`"));
  }
  // Told apart, both are tools.
  files.back().text = replaced(files.back().text, "singular: thing", "singular: thingy");
  const LoadOutcome outcome = load_pack(files);
  REQUIRE(outcome.integration != nullptr);
  CHECK(catalog::ToolCatalog::generate(outcome.integration).has_value());
}

TEST_CASE("a name that a resource and its method make together is not made twice either") {
  const auto act = [](std::string_view resource, std::string_view method) {
    return PackFile{"acme/resources/" + std::string(resource) + ".yaml",
                    "resource: " + std::string(resource) + "\npath: /x\nmethods:\n  " +
                        std::string(method) + ": {description: Does it, path: /x/y}\n"};
  };
  const LoadOutcome outcome = load_pack({{"acme/integration.yaml", "name: acme\nbase_url: x\n"},
                                         act("board", "teams_sort"),
                                         act("board_teams", "sort")});
  REQUIRE(outcome.problems.size() == 1);
  CHECK(outcome.problems[0].file == "acme/resources/board_teams.yaml");
  CHECK(outcome.problems[0].line == 4);
  CHECK(outcome.problems[0].message.contains("'acme_board_teams_sort'"));
}

TEST_CASE("a catalog refuses two tools of one name, whoever made its integration") {
  const LoadOutcome outcome = load_pack(pack());
  REQUIRE(outcome.integration != nullptr);
  auto twice = std::make_shared<integration::Integration>(*outcome.integration);
  integration::Resource twin = *twice->find_resource("things");
  twin.name = "thingies";
  twice->resources.push_back(std::move(twin));
  const auto catalog = catalog::ToolCatalog::generate(twice);
  REQUIRE_FALSE(catalog.has_value());
  CHECK(catalog.error().message.contains("create_a_acme_thing"));
}

// As if these had made tools before.
LoadOutcome load_kept_of(const std::vector<PackFile>& files) {
  std::vector<KeptFile> kept;
  for (const PackFile& file : files) {
    kept.push_back({file.path, [text = file.text] { return yaml::parse(text); }});
  }
  return load_kept(std::move(kept));
}

TEST_CASE("files that made tools before make the same ones") {
  for (const std::string& name : embedded_packs()) {
    const auto listing = [](const LoadOutcome& outcome) {
      CHECK(outcome.problems.empty());
      const auto catalog = catalog::ToolCatalog::generate(outcome.integration).value();
      return *catalog::Toolset::select(catalog, {}).value()->listing();
    };
    CHECK(listing(load_kept_of(embedded_pack(name))) == listing(load_pack(embedded_pack(name))));
  }
}

TEST_CASE("files of a whole API are read in parts beside each other, and make the same") {
  auto files = pack();
  for (int i = 0; i < 450; ++i) {
    const std::string name = "item" + std::to_string(i) + "s";
    files.push_back(
        {"acme/resources/" + name + ".yaml",
         "resource: " + name + "\npath: /" + name +
             "\nfields: {id: integer, name: string}\nmethods:\n  list: Items that are kept here, "
             "newest first.\n  get: One item with all of its fields.\n"});
  }
  const auto listing = [](const LoadOutcome& outcome) {
    REQUIRE(outcome.integration != nullptr);
    const auto catalog = catalog::ToolCatalog::generate(outcome.integration).value();
    return *catalog::Toolset::select(catalog, {}).value()->listing();
  };
  const std::string by_one = listing(load_pack(files));
  for (int i = 0; i < 5; ++i) CHECK(listing(load_kept_of(files)) == by_one);
  // A fault in one of them is told by its file, however far behind it stands.
  files.back().text = "resource: [\n";
  const LoadOutcome broken = load_kept_of(files);
  CHECK(broken.integration == nullptr);
  REQUIRE_FALSE(broken.problems.empty());
  CHECK(broken.problems.front().file == files.back().path);
}

TEST_CASE("a schema that is said to be sound and is not refuses the calls of its tool") {
  const auto files = pack(std::string(kThings) +
                          "  archive:\n    description: Archives a thing.\n    verb: post\n"
                          "    body_schema: {properties: {note: {type: 7}}}\n");
  CHECK(load_parsed(parse_files(files)).integration == nullptr);
  const LoadOutcome outcome = load_kept_of(files);
  REQUIRE(outcome.integration != nullptr);
  const auto catalog = catalog::ToolCatalog::generate(outcome.integration);
  REQUIRE(catalog.has_value());
  const catalog::Tool* const tool = (*catalog)->find("acme_things_archive");
  REQUIRE(tool != nullptr);
  CHECK(tool->validator->check(json::Value(json::Object())).size() == 1);
  // What is not known to be a fault of this kind is told all the same.
  CHECK(load_kept_of(pack(replaced(kThings, "path: /things", "pth: /things"))).integration ==
        nullptr);
}

TEST_CASE("reading a folder that is not there fails") {
  const auto files = read_pack("/no/such/folder");
  REQUIRE_FALSE(files.has_value());
  CHECK(files.error().code == ErrorCode::not_found);
}

}  // namespace patchbay::pack
