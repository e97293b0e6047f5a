// What integration.yaml says of records and requests of whatever resource.
#include <doctest/doctest.h>

#include "pack/loader.h"

namespace patchbay::pack {
namespace {

constexpr std::string_view kThings = R"(resource: things
path: /things
fields: {id: integer, name: string, firstName: string, lastName: string, retired: boolean, gone: boolean}
methods:
  list: Things of all groups, newest first, for when you need one.
)";

LoadOutcome load(std::string_view more, std::string_view things = kThings) {
  return load_pack({{"acme/integration.yaml",
                     "name: acme\nbase_url: https://acme.example\n" + std::string(more)},
                    {"acme/resources/things.yaml", std::string(things)}});
}

std::shared_ptr<const integration::Integration> read(std::string_view more,
                                                     std::string_view things = kThings) {
  const LoadOutcome outcome = load(more, things);
  for (const Problem& problem : outcome.problems) MESSAGE(problem.line << ": " << problem.message);
  REQUIRE(outcome.integration != nullptr);
  return outcome.integration;
}

// "line: message" of each problem.
std::string problems_of(std::string_view more, std::string_view things = kThings) {
  std::string out;
  for (const Problem& problem : load(more, things).problems) {
    out += std::to_string(problem.line) + ": " + problem.message + "\n";
  }
  return out;
}

}  // namespace

TEST_CASE("what a record is called by, and what says that it is out of use") {
  CHECK(read("")->label_fields == std::vector<std::string>{"name"});
  CHECK(read("label_fields: [firstName lastName, name]\n")->label_fields ==
        std::vector<std::string>{"firstName lastName", "name"});
  CHECK(problems_of("label_fields: [nmae]\n") == "3: label_fields: no record has a field 'nmae'\n");
  CHECK(problems_of("label_fields: []\n") == "3: label_fields names no field\n");

  using Sign = integration::OutOfUse::Sign;
  const auto signs = [](std::string_view more, const std::string& things = std::string(kThings)) {
    std::vector<std::pair<std::string, Sign>> out;
    for (const auto& sign : read(more, things)->find_resource("things")->out_of_use) {
      out.emplace_back(sign.field, sign.sign);
    }
    return out;
  };
  using Signs = std::vector<std::pair<std::string, Sign>>;
  CHECK(signs("").empty());
  // Of each resource those that it has.
  CHECK(signs("out_of_use: [retired, gone]\n") ==
        Signs{{"retired", Sign::is_true}, {"gone", Sign::is_true}});
  const std::string things(kThings);
  CHECK(signs("out_of_use: [retired]\n", things + "out_of_use: [not gone]\n") ==
        Signs{{"gone", Sign::is_false}});
  CHECK(signs("out_of_use: [retired]\n", things + "out_of_use: []\n").empty());
  CHECK(problems_of("", things + "out_of_use: [name]\n") ==
        "6: out_of_use: 'name' is no boolean or time that is read\n");
  CHECK(problems_of("out_of_use: [asleep]\n") == "3: out_of_use: no record has a field 'asleep'\n");
}

TEST_CASE("how long a query may be") {
  CHECK(read("")->max_query_bytes == 7'000);
  CHECK(read("max_query_bytes: 14000\n")->max_query_bytes == 14'000);
  CHECK(problems_of("max_query_bytes: 12\n") == "3: max_query_bytes must be 1000 to 1000000\n");
}

TEST_CASE("shaping begins with nothing, and needs the member that holds facts") {
  CHECK(read("")->shape.info_name.empty());
  CHECK(read("")->shape.reference_kept.empty());
  CHECK(problems_of("shape: {reference_kept: [id, name]}\n") ==
        "3: shape: 'reference_kept' without 'info_name'\n");
  CHECK(read("shape: {info_name: meta, reference_kept: [id]}\n")->shape.reference_kept ==
        std::vector<std::string>{"id"});
}

TEST_CASE("lines for the model name arguments and tools that there are") {
  const auto integration = read("instructions: [\"Ask {things.list} with {limit}.\"]\n");
  REQUIRE(integration->instructions.size() == 1);
  const auto& parts = integration->instructions[0].parts;
  REQUIRE(parts.size() == 5);
  CHECK(parts[1].kind == integration::PromptPart::Kind::tool);
  CHECK(parts[3].kind == integration::PromptPart::Kind::argument);
  CHECK(problems_of("instructions: [\"Give {bored}.\"]\n") ==
        "3: instructions: {bored} is an argument of no tool\n");
  CHECK(problems_of("instructions: [\"See {things.lsit}.\"]\n") ==
        "3: there is no method {things.lsit}\n");
  CHECK(problems_of("instructions: Be kind.\n") ==
        "3: instructions must be a list of at most 20 lines\n");
}

TEST_CASE("what people say instead is read, every word of either side") {
  const auto integration = read("synonyms:\n  customer, end  user: company, contact\n");
  std::string told;
  for (const auto& [says, means] : integration->synonyms) told += says + "=" + means + ";";
  CHECK(told == "customer=company;customer=contact;end  user=company;end  user=contact;");
  CHECK(read("")->synonyms.empty());
}

TEST_CASE("synonyms that say nothing, or too much, are refused") {
  CHECK(problems_of("synonyms: [customer]\n").starts_with("3: "));
  CHECK(problems_of("synonyms: {'customer,': company}\n") ==
        "3: synonyms: an entry has no word, or an overlong one\n");
  std::string many = "a";
  for (int at = 0; at < 40; ++at) many += ",a";
  CHECK(problems_of("synonyms: {'" + many + "': '" + many + "'}\n") ==
        "3: synonyms: there are more than 1000\n");
}

TEST_CASE("a list's limit is no more than the API gives at once") {
  const auto limit_of = [](std::string_view pagination) {
    const auto integration = read(pagination);
    const auto* list = integration->find_resource("things")->find_method("list");
    for (const auto& argument : list->arguments) {
      if (argument.name == "limit") return argument.schema;
    }
    return json::Value();
  };
  CHECK(limit_of("").int64_or("maximum", 0) == 1'000);
  const auto small = limit_of("pagination: {style: page, max_size: 10}\n");
  CHECK(small.int64_or("maximum", 0) == 10);
  CHECK(small.int64_or("default", 0) == 10);
}

TEST_CASE("words that nothing implements are all told, with those that there are") {
  const std::string told = problems_of(
      "credentials:\n  - {name: key}\n"
      "auth: {style: oauth1, token_url: x}\n"
      "pagination: {style: pages}\n"
      "dialects: {filter: odata, update: nonsense, errors: soap}\n"
      "probe: {verb: fetch, path: /me}\n");
  CHECK(told.contains("5: auth: 'style' cannot be 'oauth1'"));
  CHECK(told.contains("6: pagination: 'style' cannot be 'pages'"));
  CHECK(told.contains("7: dialects: 'filter' cannot be 'odata'"));
  CHECK(told.contains("7: dialects: 'update' cannot be 'nonsense'"));
  CHECK(told.contains("7: dialects: 'errors' cannot be 'soap'"));
  CHECK(told.contains("8: probe: 'verb' cannot be 'fetch'"));
  for (const Problem& problem : load("dialects: {filter: odata, update: put}\n").problems) {
    CHECK_MESSAGE(problem.fix.starts_with("use one of "), problem.message);
  }
}

TEST_CASE("a sign-in has what its style takes, and nothing beside it") {
  const std::string form = "credentials: [{name: key}]\n";
  CHECK(problems_of(form + "auth: {style: bearer, token: \"{key}\"}\n").empty());
  CHECK(problems_of(form + "auth: {style: header, header: X-Key, token: \"{key}\"}\n").empty());
  CHECK(problems_of(form + "auth: {style: basic, username: me, password: \"{key}\"}\n").empty());
  CHECK(problems_of(form + "auth: {style: basic, username: me}\n") ==
        "4: auth: style: basic needs 'password'\n");
  CHECK(problems_of(form + "auth: {style: basic, username: me, password: x, token: y}\n") ==
        "4: auth: 'token' says nothing to style: basic\n");
  CHECK(problems_of(form + "auth: {style: bearer, token: \"{kye}\"}\n") ==
        "4: auth: '{kye}' is no credential\n");
  CHECK(problems_of(form + "auth: {style: bearer, token: x, token_url: y}\n") ==
        "4: auth: 'token_url' says nothing to style: bearer\n");
}

TEST_CASE("a sign-in by tokens says where they are had, and what the request says beside the RFC") {
  const std::string begun =
      "credentials: [{name: key}]\n"
      "auth: {style: oauth2_client_credentials, token_url: \"{key}/token\", client_id: me, ";
  CHECK(problems_of(begun + "client_secret: \"{key}\", client_in: body, scope: all,\n"
                            "  token_query: {tenant: \"{key}\"}, token_form: {audience: api}}\n")
            .empty());
  CHECK(problems_of(begun + "scope: all}\n") ==
        "4: auth: style: oauth2_client_credentials needs 'client_secret'\n");
  CHECK(problems_of(begun + "client_secret: x, username: me}\n") ==
        "4: auth: 'username' says nothing to style: oauth2_client_credentials\n");
  CHECK(problems_of(begun + "client_secret: x, client_in: url}\n") ==
        "4: auth: 'client_in' cannot be 'url'\n");
  CHECK(problems_of(begun + "client_secret: x, token_form: {scope: all}}\n") ==
        "4: auth: token_form: 'scope' is said by Patchbay itself\n");
  CHECK(problems_of(begun + "client_secret: \"{kye}\"}\n") ==
        "4: auth: '{kye}' is no credential\n");
}

TEST_CASE("what people paste is rewritten by patterns in their order") {
  const auto form =
      read("credentials:\n  - {name: key, rewrite: {'^\\{(.*)\\}$': '\\1', ' ': ''}}\n");
  const auto& rewrites = form->credentials.front().rewrites;
  REQUIRE(rewrites.size() == 2);
  CHECK(rewrites[0].pattern == "^\\{(.*)\\}$");
  CHECK(rewrites[0].replacement == "\\1");
  CHECK(rewrites[1].replacement.empty());
  CHECK(problems_of("credentials:\n  - {name: key, rewrite: {'(': ''}}\n")
            .contains("the pattern '(' does not compile"));
  CHECK(problems_of("credentials:\n  - {name: key, rewrite: {'a': '\\1'}}\n")
            .contains("credential 'key': "));
}

TEST_CASE("a probe's hints are about statuses that refuse") {
  CHECK(read("probe: {path: /me, hints: {404: The keys.}}\n")->probe.hints ==
        std::map<int, std::string>{{404, "The keys."}});
  CHECK(problems_of("probe: {path: /me, hints: {200: Fine.}}\n")
            .contains("'200' is no status that refuses"));
  CHECK(problems_of("probe: {path: /me, hints: {teapot: x}}\n")
            .contains("'teapot' is no status that refuses"));
}

TEST_CASE("where texts are patterns is said of a language that is spoken") {
  CHECK(problems_of("dialects: {wildcards: everywhere}\n")
            .contains("'wildcards' are read by no filter dialect"));
  CHECK(problems_of("dialects: {filter: connectwise_conditions, wildcards: no}\n")
            .contains("'wildcards' cannot be 'no'"));
}

TEST_CASE("what could not be sent is refused, and none of it is offered") {
  const auto with = [](const std::string& more) {
    return problems_of("",
                       "resource: things\npath: /things\nfields: {id: integer, name: string, "
                       "made: date_time}\nmethods:\n" +
                           more);
  };
  const std::string list = "  list:\n    description: Things of all groups.\n";
  CHECK(with(list + "    filters: {name: name}\n")
            .contains("'filters' cannot be sent: the integration has no filter dialect"));
  CHECK(with(list + "    only: {name: x}\n").contains("'only' cannot be sent"));
  CHECK(with(list + "    default_fields: [id]\n").contains("'default_fields' cannot be asked for"));
  CHECK(
      with(list + "    default_order: id desc\n").contains("'default_order' cannot be asked for"));
  CHECK(with(list + "    body: [name]\n").contains("'body' is never sent with this verb"));
  CHECK(with("  create: {description: Makes one of them., body: [name], count: true}\n")
            .contains("'count' says something to a list only"));
  CHECK(with("  create:\n    description: Makes one.\n    body: [name]\n"
             "    duplicate_guard: {fields: [name], created: made}\n")
            .contains("'duplicate_guard' cannot be sent"));
  CHECK(problems_of("expressions: {conditions: Raw}\n")
            .contains("'expressions' are read by no filter dialect"));
  CHECK(problems_of("custom_fields: {field: extra, filter: extraConditions}\n")
            .contains("'filter' is written by no filter dialect"));
  CHECK(problems_of("pagination: {filter_parameter: q}\n"
                    "dialects: {filter: connectwise_conditions}\n"
                    "expressions: {moreConditions: Raw}\n")
            .contains("the filter dialect knows no 'moreConditions'"));

  const auto integration = read("");
  for (const auto& argument :
       integration->find_resource("things")->find_method("list")->arguments) {
    for (const std::string_view name :
         {"conditions", "orderBy", "fields", "count", "customField"}) {
      CHECK(argument.name != name);
    }
  }
}

TEST_CASE("who signs in is one of its members, whose own credentials are theirs") {
  constexpr std::string_view kKey =
      "credentials:\n  - {name: site}\n  - {name: key, personal: true}\n";
  const std::string members =
      "members: {resource: things, login: name, name: [firstName], whose_keys: /me, one: "
      "\"/things/{thing}\"}\n";
  const auto made = read(std::string(kKey) + members);
  CHECK(made->members.resource == "things");
  CHECK(made->members.whose_keys == "/me");
  CHECK(made->members.one.text() == "/things/{thing}");
  CHECK_FALSE(made->credentials[0].personal);
  CHECK(made->credentials[1].personal);

  CHECK(problems_of(kKey).contains("credential 'key' is nobody's"));
  CHECK(problems_of("credentials: [{name: key, personal: true}]\nauth: {style: none}\n" + members +
                    "headers: {X: \"{key}\"}\n")
            .empty());
  CHECK(problems_of("members: {resource: thigns, login: name, one: \"/t/{id}\"}\n")
            .contains("no resource 'thigns'"));
  CHECK(problems_of("members: {resource: things, login: nmae, one: \"/t/{id}\"}\n")
            .contains("no field 'nmae'"));
  CHECK(problems_of("members: {resource: things, login: name, one: /t}\n")
            .contains("no place for the member"));
  CHECK(problems_of("members: {resource: things, login: name, one: \"/t/{id}\", whose_keys: "
                    "\"/t/{id}\"}\n")
            .contains("whose_keys names a record"));
}

}  // namespace patchbay::pack
