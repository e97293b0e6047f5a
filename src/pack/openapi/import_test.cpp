#include "pack/openapi/import.h"

#include <fstream>
#include <iterator>
#include <set>

#include "json/parse.h"
#include "json/write.h"
#include "pack/layers.h"
#include "pack/openapi/operation.h"
#include "pack/openapi/test_documents.h"
#include "pack/openapi/test_fitness.h"

namespace patchbay::openapi {
namespace {

using testing::document;
using testing::imported;
using testing::told;
using testing::Tools;

constexpr std::string_view kList =
    R"("responses":{"200":{"description":"","content":{"application/json":{"schema":{"type":"array","items":{"$ref":"#/components/schemas/Task"}}}}}})";
constexpr std::string_view kOne =
    R"("responses":{"200":{"description":"","content":{"application/json":{"schema":{"$ref":"#/components/schemas/Task"}}}}})";
constexpr std::string_view kBody =
    R"("requestBody":{"required":true,"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Task"}}}})";
constexpr std::string_view kTask = R"({"Task":{"type":"object","required":["title"],"properties":{
  "id":{"type":"integer","readOnly":true},"title":{"type":"string","maxLength":80},
  "state":{"type":"string","enum":["open","done"],"nullable":true},"due":{"type":"string","format":"date-time"}}}})";

std::string operation(std::string_view parts) {
  return "{" + std::string(parts) + "}";
}

std::string task_paths() {
  const std::string list(kList);
  const std::string one(kOne);
  const std::string body(kBody);
  return R"({"/boards":{"get":)" + operation(list) + R"(},"/boards/{id}":{"get":)" +
         operation(one) + R"(},"/boards/{id}/tasks":{"get":)" + operation(list) + R"(,"post":)" +
         operation(body + "," + one) + R"(},"/boards/{id}/tasks/count":{"get":)" + operation(one) +
         R"(},"/boards/{parentId}/tasks/search":{"post":)" + operation(body + "," + list) +
         R"(},"/boards/{parentId}/tasks/{taskId}":{"get":)" + operation(one) + R"(,"put":)" +
         operation(body + "," + one) + R"(,"patch":)" + operation(body + "," + one) +
         R"(,"delete":{"responses":{"204":{"description":""}}}},"/boards/{parentId}/tasks/{taskId}/close":{"post":)" +
         operation(one) + "}}";
}

TEST_CASE(
    "collections, records, counts, searches and actions become the tools of their resources") {
  const Tools tools(document(task_paths(), kTask));
  CHECK(tools.names() ==
        std::vector<std::string>{
            "acme_board_tasks_close", "acme_board_tasks_count", "acme_board_tasks_replace",
            "acme_board_tasks_search", "create_a_acme_board_task", "delete_a_acme_board_task_by_id",
            "get_single_acme_board_by_id", "get_single_acme_board_task_by_id",
            "list_all_acme_board_tasks", "list_all_acme_boards", "update_a_acme_board_task_by_id"});
  CHECK(tools.outcome.operations == 11);
  CHECK(tools.outcome.left_out.empty());
  // Parents have their names, the record is `id`, and what is read only is not sent.
  CHECK(tools.required("get_single_acme_board_task_by_id") == R"(["boardId","id"])");
  CHECK(tools.required("create_a_acme_board_task") == R"(["boardId","title"])");
  CHECK(tools.required("update_a_acme_board_task_by_id") == R"(["boardId","id"])");
  CHECK(tools.argument("create_a_acme_board_task", "id").empty());
  CHECK(tools.tool("get_single_acme_board_task_by_id").method->path.text() ==
        "/boards/{boardId}/tasks/{id}");
  CHECK(tools.tool("acme_board_tasks_replace").method->verb == integration::Verb::put);
  CHECK_FALSE(tools.tool("acme_board_tasks_search").method->writes());
  CHECK(tools.tool("acme_board_tasks_close").method->writes());
  CHECK(tools.tool("acme_board_tasks_close").description.find("list_all_acme_board_tasks") !=
        std::string::npos);
}

TEST_CASE("what is nullable may be cleared, and an enumeration is shown without null") {
  const Tools tools(document(task_paths(), kTask));
  CHECK(tools.argument("update_a_acme_board_task_by_id", "clear").find("state") !=
        std::string::npos);
  CHECK(tools.argument("create_a_acme_board_task", "state") ==
        R"({"type":"string","enum":["open","done"]})");
}

TEST_CASE("names do not hang on the order of a document") {
  const std::string forward = document(
      R"({"/a":{"get":)" + operation(kList) + R"(},"/b":{"get":)" + operation(kList) + "}}", kTask);
  const std::string backward = document(
      R"({"/b":{"get":)" + operation(kList) + R"(},"/a":{"get":)" + operation(kList) + "}}", kTask);
  const Tools one(forward);
  const Tools other(backward);
  REQUIRE(one.outcome.files.size() == other.outcome.files.size());
  for (std::size_t i = 0; i < one.outcome.files.size(); ++i) {
    CHECK(one.outcome.files[i].text == other.outcome.files[i].text);
  }
}

TEST_CASE("paths that would make one name make two") {
  const Tools tools(document(R"({"/x-y":{"get":)" + operation(kList) + R"(},"/x_y":{"get":)" +
                                 operation(kList) + R"(},"/status":{"get":)" + operation(kList) +
                                 R"(},"/status/{id}":{"get":)" + operation(kOne) +
                                 R"(},"/statuses":{"get":)" + operation(kList) +
                                 R"(},"/statuses/{id}":{"get":)" + operation(kOne) + "}}",
                             kTask));
  CHECK(tools.names().size() == 6);
}

TEST_CASE("a placeholder is an argument however it is written") {
  struct Written {
    std::string path;
    std::string means;
  };
  const std::vector<Written> all = {
      {"/tasks{/id}", "/tasks/{id}"},
      {"/tasks{/d}/log", "/tasks/{d}/log"},
      {"/tasks/{id:int}", "/tasks/{id}"},
      {"/tasks/{id*}", "/tasks/{id}"},
      {"/tasks/{+path}/log", "/tasks/{path}/log"},
      {"/tasks/{a/b}/log", "/tasks/{aB}/log"},
      {"/tasks/{id:int}.json", "/tasks/{id}.json"},
      {"/tasks/{from}..{to}", "/tasks/{from}..{to}"},
      {"/tasks/x{p q}y", "/tasks/x{pQ}y"},
      {"/tasks/{}/log", "/tasks/{part}/log"},
      {"/tasks/{id}/copies/x{id}", "/tasks/{taskId}/copies/x{taskId}"},
  };
  for (const auto& [path, means] : all) {
    CAPTURE(path);
    const Tools tools(document(R"({")" + path + R"(":{"get":)" + operation(kOne) + "}}", kTask));
    REQUIRE(tools.names().size() == 1);
    CHECK(tools.tool(tools.names().front()).method->path.text() == means);
  }
}

TEST_CASE("a body that is a list or a value is one argument, sent as it is") {
  const Tools tools(document(
      R"({"/labels":{"put":{"requestBody":{"required":true,"content":{"application/json":{"schema":
      {"type":"array","items":{"type":"string"}}}}},"responses":{}}}})"));
  const auto& tool = tools.tool("acme_labels_replace");
  CHECK(tools.argument("acme_labels_replace", "items") ==
        R"({"type":"array","items":{"type":"string"}})");
  CHECK(tool.method->arguments.front().target == "/");
}

TEST_CASE("files go up as parts of a form and come down as files; other forms are left out") {
  const Tools tools(document(
      R"({"/files":{"post":{"requestBody":{"content":{"multipart/form-data":{"schema":{"type":"object","required":["kind"],
      "properties":{"upload":{"type":"string","format":"binary"},"kind":{"type":"string"}}}}}},"responses":{}}},
      "/files/{id}":{"get":{"responses":{"200":{"description":"","content":{"application/pdf":{}}}}}},
      "/form":{"post":{"requestBody":{"content":{"application/x-www-form-urlencoded":{"schema":{"type":"object"}}}},"responses":{}}},
      "/bulk":{"delete":{"requestBody":{"required":true,"content":{"application/json":{"schema":{"type":"object"}}}},"responses":{}},
      "head":{"responses":{}}}})"));
  const auto& upload = *tools.tool("create_a_acme_file").method;
  CHECK(upload.encoding == integration::Encoding::multipart);
  CHECK(upload.file_part == "upload");
  CHECK(tools.required("create_a_acme_file") == R"(["kind","fileName"])");
  CHECK(tools.tool("acme_files_download").method->answer == integration::AnswerKind::file);
  REQUIRE(tools.outcome.left_out.size() == 3);
  CHECK(tools.outcome.left_out[0].operation == "DELETE /bulk");
  CHECK(tools.outcome.left_out[1].operation == "HEAD /bulk");
  CHECK(tools.outcome.left_out[2].operation == "POST /form");
  CHECK(tools.outcome.left_out[2].line == 4);
  CHECK(tools.outcome.operations == 5);
}

TEST_CASE("Swagger 2.0 in YAML is read as well") {
  const Tools tools(R"(swagger: "2.0"
info: {title: Old, version: "1"}
host: api.example.com
basePath: /v1
securityDefinitions:
  key: {type: apiKey, in: header, name: X-Key}
paths:
  /things:
    get:
      parameters:
        - {name: offset, in: query, type: integer}
        - {name: limit, in: query, type: integer, maximum: 50}
        - {name: kind, in: query, type: string, enum: [a, b]}
      responses:
        200: {description: all, schema: {type: array, items: {$ref: '#/definitions/Thing'}}}
    post:
      parameters:
        - {name: thing, in: body, required: true, schema: {$ref: '#/definitions/Thing'}}
      responses: {}
  /things/{id}/picture:
    post:
      consumes: [multipart/form-data]
      parameters:
        - {name: id, in: path, required: true, type: string}
        - {name: file, in: formData, type: file}
        - {name: note, in: formData, type: string}
      responses: {}
definitions:
  Thing:
    type: object
    required: [name]
    properties: {name: {type: string, default: new}}
)");
  const auto& integration = *tools.outcome.integration;
  CHECK(integration.pagination.style == integration::PaginationStyle::offset);
  CHECK(integration.pagination.page_parameter == "offset");
  CHECK(integration.pagination.max_size == 50);
  CHECK(integration.auth.style == integration::AuthStyle::header);
  CHECK(integration.credentials.front().default_value == "https://api.example.com/v1");
  CHECK(tools.argument("list_all_acme_things", "kind") == R"({"type":"string","enum":["a","b"]})");
  CHECK(tools.argument("list_all_acme_things", "offset").empty());
  CHECK(tools.argument("create_a_acme_thing", "name") == R"({"type":"string","default":"new"})");
  CHECK(tools.tool("acme_things_picture").method->encoding == integration::Encoding::multipart);
}

TEST_CASE("a faulty document makes nothing, and says where and what to do") {
  const auto remote = imported(
      "{\"openapi\":\"3.0.0\",\n\"paths\":{\n\"/a\":{\"get\":{\"parameters\":[\n"
      "{\"$ref\":\"https://evil.example/x.json#/p\"}]}}}}");
  CHECK(remote.files.empty());
  CHECK(remote.integration == nullptr);
  REQUIRE(remote.problems.size() == 1);
  CHECK(remote.problems[0].line == 4);
  CHECK(remote.problems[0].message.find("leads out of this document") != std::string::npos);

  const auto dangling =
      imported(document(R"({"/a":{"get":{"responses":{"200":{"$ref":"#/nowhere"}}}}})"));
  CHECK(told(dangling.problems).find("names nothing in this document") != std::string::npos);
  CHECK(told(imported("{\"openapi\":\"3.0.0\",\n\"paths\":}").problems)
            .starts_with("api.json:2: JSON"));
  CHECK(told(imported("a: 1\n").problems).find("swagger") != std::string::npos);
  CHECK(told(imported("a: &x [1]\nb: [*x, *x]\n").problems).starts_with("api.json:1: an anchor"));
  CHECK(told(imported(document("{}")).problems).find("has no paths") != std::string::npos);
  CHECK(told(imported(std::string((32 << 20) + 1, ' ')).problems).find("32 MiB") !=
        std::string::npos);
  for (const auto& problem : remote.problems) CHECK_FALSE(problem.fix.empty());
}

TEST_CASE("an operation id that stands twice is told and hinders nothing") {
  const Tools tools(document(
      R"({"/a":{"get":{"operationId":"x","responses":{}}},"/b":{"get":{"operationId":"x","responses":{}}}})"));
  CHECK(tools.names().size() == 2);
  CHECK(told(tools.outcome.problems).find("the operation id 'x' stands there twice") !=
        std::string::npos);
  for (const auto& problem : tools.outcome.problems) CHECK(problem.warning);
}

TEST_CASE("circles, depth and multiplication end") {
  // Each schema holds itself, and the next twice: without a bound, 2 to the 40th.
  std::string schemas = "{";
  for (int i = 0; i < 40; ++i) {
    const std::string next = std::to_string((i + 1) % 40);
    schemas += (i > 0 ? ",\"S" : "\"S") + std::to_string(i) +
               R"(":{"allOf":[{"$ref":"#/components/schemas/S)" + next +
               R"("},{"$ref":"#/components/schemas/S)" + next +
               R"("}],"properties":{"self":{"$ref":"#/components/schemas/S)" + std::to_string(i) +
               R"("}}})";
  }
  const auto outcome = imported(document(
      R"({"/a":{"post":{"requestBody":{"content":{"application/json":{"schema":{"$ref":"#/components/schemas/S0"}}}},"responses":{}}}})",
      schemas + "}"));
  CHECK((outcome.integration != nullptr ||
         told(outcome.problems).find("steps") != std::string::npos));

  const Tools tree(document(
      R"({"/nodes":{"post":{"requestBody":{"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Node"}}}},"responses":{}}}})",
      R"({"Node":{"type":"object","properties":{"name":{"type":"string"},"child":{"$ref":"#/components/schemas/Node"},
      "loop":{"$ref":"#/components/schemas/Loop"}}},"Loop":{"$ref":"#/components/schemas/Loop"}})"));
  CHECK(tree.argument("acme_nodes_post", "child").find("\"child\"") != std::string::npos);

  std::string values = "\"v0\"";
  for (int i = 1; i < 20'000; ++i) values += ",\"v" + std::to_string(i) + "\"";
  const Tools many(document(
      R"({"/a":{"get":{"parameters":[{"name":"kind","in":"query","schema":{"type":"string","enum":[)" +
      values + R"(]}}],"responses":{}}}})"));
  CHECK(many.argument("acme_a_show", "kind").size() < 300);
  CHECK(many.argument("acme_a_show", "kind").find("v0, v1") != std::string::npos);
}

TEST_CASE("a resource that is larger than its file may be is told of the document") {
  std::string paths = R"({"/a/{id}":{"get":{"responses":{}}})";
  const std::string words(450, 'w');
  for (int i = 0; i < 2'500; ++i) {
    paths += R"(,"/a/{id}/x)" + std::to_string(i) + R"(":{"post":{"description":")" + words +
             R"(","responses":{}}})";
  }
  const auto outcome = imported(document(paths + "}"));
  CHECK(outcome.files.empty());
  CHECK(told(outcome.problems).starts_with("api.json:1: what it says of one resource"));
}

// The vendor's document, as the project's other tests know it.
std::string large_document() {
  std::ifstream stream(PATCHBAY_SOURCE_DIR "/../shared/data/connectwise/openapi-2026.4.json",
                       std::ios::binary);
  REQUIRE_MESSAGE(stream.is_open(), "the vendor's document is missing");
  return {std::istreambuf_iterator<char>(stream), {}};
}

TEST_CASE("the vendor's document becomes tools that every client takes, in the pack's dialect") {
  const Tools tools(large_document());
  const auto& outcome = tools.outcome;
  CHECK(outcome.operations == 3'097);
  CHECK(outcome.left_out.size() <= 10);
  for (const LeftOut& each : outcome.left_out) MESSAGE(each.operation << ": " << each.reason);
  CHECK(tools.catalog->tools().size() == outcome.operations - outcome.left_out.size());
  CHECK(testing::unfit(outcome, "api.json").empty());
  CHECK(outcome.integration->dialects.filter == "connectwise_conditions");
  CHECK(outcome.integration->dialects.update == "json_patch");
  CHECK(outcome.integration->pagination.size_parameter == "pageSize");
  const std::string create = "create_a_acme_service_ticket";
  CHECK(tools.required(create) == R"(["summary","company"])");
  CHECK(tools.argument(create, "board").find("\"string\"") != std::string::npos);
  CHECK_FALSE(tools.argument("list_all_acme_service_tickets", "conditions").empty());
  CHECK(tools.argument("list_all_acme_service_tickets", "pageSize").empty());
  CHECK(tools.required("list_all_acme_service_board_statuses") == R"(["boardId"])");
}

// "get /service/boards/{}/teams", of all methods that ask for something.
std::set<std::string> operations_of(const integration::Integration& integration) {
  std::set<std::string> operations;
  for (const auto& resource : integration.resources) {
    for (const auto& method : resource.methods) {
      if (method.composite || method.description.empty() || method.only_looks_up) continue;
      std::string path;
      bool within = false;
      for (const char c : method.path.text()) {
        if (c == '}') within = false;
        if (!within) path += c;
        if (c == '{') within = true;
      }
      while (path.ends_with('/')) path.pop_back();
      operations.insert(std::string(verb_name(method.verb)) + ' ' + path);
    }
  }
  return operations;
}

TEST_CASE("the vendor's document lies under the shipped pack whole, and each operation is a tool") {
  const auto shipped = pack::embedded_pack("connectwise_psa");
  const ImportOutcome outcome = import_document(
      large_document(), {.name = "connectwise_psa", .file = "api.json", .progress = {}});
  REQUIRE(outcome.integration);
  const pack::LoadOutcome laid = pack::load_parsed(
      pack::lay_over(pack::parse_files(shipped), pack::parse_files(outcome.files)));
  for (const auto& problem : laid.problems) MESSAGE(problem.file << ": " << problem.message);
  REQUIRE(laid.integration);
  const auto operations = operations_of(*laid.integration);
  for (const std::string& each : operations_of(*outcome.integration)) {
    CHECK_MESSAGE(operations.contains(each), each);
  }
  for (const std::string& each : operations_of(*pack::load_pack(shipped).integration)) {
    CHECK_MESSAGE(operations.contains(each), each);
  }
  // Tools that texts name are there, under these names.
  const auto laid_tools = catalog::ToolCatalog::generate(laid.integration);
  const auto shipped_tools = catalog::ToolCatalog::generate(pack::load_pack(shipped).integration);
  REQUIRE((laid_tools.has_value() && shipped_tools.has_value()));
  for (const auto& tool : (*laid_tools)->tools()) {
    CHECK_MESSAGE(tool->name.size() <= integration::kMaxToolName, tool->name);
    CHECK_MESSAGE(testing::is_plain(tool->input_schema()), tool->name);
    std::string_view text = tool->description;
    for (auto at = text.find("from list_all_"); at != text.npos; at = text.find("from list_all_")) {
      text.remove_prefix(at + std::string_view("from ").size());
      const std::string named(text.substr(0, text.find_first_of(" .,;")));
      CHECK_MESSAGE((*laid_tools)->find(named) != nullptr, tool->name << ": " << named);
    }
  }
  // What a person wrote is what is told.
  for (const auto& tool : (*shipped_tools)->tools()) {
    const catalog::Tool* const found = (*laid_tools)->find(tool->name);
    REQUIRE_MESSAGE(found != nullptr, tool->name);
    CHECK_MESSAGE(found->description == tool->description, tool->name);
    CHECK_MESSAGE(json::to_string(found->input_schema()) == json::to_string(tool->input_schema()),
                  tool->name);
  }
}

}  // namespace
}  // namespace patchbay::openapi
