// The sandbox against recorded facts: shapes of real responses, and the paths, methods, fields and
// types of the API's document. The data lies beside the checkout and is never part of it.
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include <doctest/doctest.h>
#include <fmt/core.h>

#include "sandbox/test_client.h"

using namespace patchbay;
using namespace patchbay::sandbox;
using namespace patchbay::sandbox::testing;

namespace {

std::string data_directory() {
  const char* from_environment = std::getenv("PATCHBAY_SHARED_DATA");
  return from_environment != nullptr ? from_environment
                                     : std::string(PATCHBAY_SOURCE_DIR) + "/../shared/data";
}

json::Value read_data(const std::string& name) {
  const std::string path = data_directory() + "/connectwise/" + name;
  std::ifstream file(path);
  REQUIRE_MESSAGE(file, path, " is missing: set PATCHBAY_SHARED_DATA to the folder of the data");
  std::stringstream text;
  text << file.rdbuf();
  auto value = json::parse(text.str(), {.max_depth = 200, .allow_duplicate_keys = true});
  REQUIRE(value);
  return std::move(*value);
}

using Shape = std::map<std::string, std::set<std::string>>;

// Every member's path with the kinds it was seen with; elements of arrays count together.
void collect(const json::Value& value, const std::string& path, Shape& shape) {
  if (!path.empty()) {
    std::string kind(value.kind());
    // "0.0" and "0" are different types to typed clients.
    if (const json::Number* number = value.if_number()) {
      kind = number->token().find('.') == std::string::npos ? "integer" : "decimal";
    }
    shape[path].insert(kind);
  }
  if (const json::Object* object = value.if_object()) {
    for (const auto& [name, member] : *object) collect(member, path + "/" + name, shape);
  } else if (const json::Array* array = value.if_array()) {
    for (const json::Value& element : *array) collect(element, path + "[]", shape);
  }
}

Shape our_shape(const std::string& path) {
  static TestClient client;
  Shape shape;
  const TestReply newest = client.get(path + "?pageSize=1000&orderBy=id desc");
  REQUIRE(newest.status == 200);
  for (const json::Value& record : *newest.body.if_array()) collect(record, "", shape);
  const TestReply oldest = client.get(path + "?pageSize=300");
  for (const json::Value& record : *oldest.body.if_array()) collect(record, "", shape);
  return shape;
}

// A member of real responses that ours do not have, with all below it, and why.
struct Exception {
  std::string prefix;
  std::string why;
};

void compare(const std::string& sample_file, const std::string& path,
             const std::vector<Exception>& exceptions = {}) {
  json::Value sample = read_data("samples/" + sample_file);
  if (const json::Value* inner = sample.find("sample")) sample = json::Value(*inner);
  Shape expected;
  collect(sample, "", expected);
  const Shape ours = our_shape(path);
  for (const auto& [name, kinds] : expected) {
    const auto found = ours.find(name);
    CAPTURE(name);
    const bool excused = std::ranges::any_of(
        exceptions, [&](const Exception& one) { return name.starts_with(one.prefix); });
    if (excused) {
      CHECK_MESSAGE(found == ours.end(), "it is there by now: no exception is needed");
      continue;
    }
    CHECK_MESSAGE(found != ours.end(), "a real response has it");
    if (found == ours.end()) continue;
    CHECK(found->second == kinds);
  }
}

// The name of the model that a GET of the path answers with.
std::string model_of(const json::Value& path_item) {
  const json::Value* content =
      path_item.find("get")->find("responses")->find("200")->find("content");
  REQUIRE(content != nullptr);
  const json::Value* schema = content->if_object()->begin()->second.find("schema");
  const json::Value* items = schema->find("items");
  const std::string_view target = (items != nullptr ? items : schema)->string_or("$ref", "");
  return std::string(target.substr(target.rfind('/') + 1));
}

std::string expected_kind(const json::Value& property) {
  const json::Value* target = property.find("$ref");
  if (const json::Value* all = property.find("allOf")) {
    target = all->if_array()->front().find("$ref");
  }
  if (target != nullptr) return "reference";
  const std::string_view type = property.string_or("type", "");
  if (type == "array") {
    const json::Value* items = property.find("items");
    return items->find("$ref") != nullptr ? "list" : "list of values";
  }
  return std::string(type);
}

std::string our_kind(const FieldSpec& field) {
  switch (field.kind) {
    case FieldKind::text:
    case FieldKind::choice:
    case FieldKind::date_time:
      return "string";
    case FieldKind::integer:
      return "integer";
    case FieldKind::decimal:
      return "number";
    case FieldKind::boolean:
      return "boolean";
    case FieldKind::reference:
      return "reference";
    case FieldKind::references:
    case FieldKind::rows:
    case FieldKind::custom_fields:
      return "list";
    case FieldKind::integers:
    case FieldKind::any:
      return "list of values";
  }
  return "?";
}

// "service/boards/{board}/statuses" → "/service/boards/{parentId}/statuses"
std::string document_path(std::string_view pattern) {
  const std::size_t open = pattern.find('{');
  if (open == std::string::npos) return fmt::format("/{}", pattern);
  return fmt::format("/{}{{parentId}}{}", pattern.substr(0, open),
                     pattern.substr(pattern.find('}') + 1));
}

}  // namespace

TEST_CASE("tickets look like a real response") {
  compare("live2025.1-service_tickets.scrubbed.json", "/service/tickets");
}

TEST_CASE("time entries look like real responses") {
  compare("live2025.1-time_entries.scrubbed.json", "/time/entries");
  compare("live2025.1-TimeEntry.scrubbed.json", "/time/entries",
          {{"/projectActivity", "a text that no set-up of the sandbox gives"}});
}

TEST_CASE("companies and contacts look like real responses") {
  compare("live2025.1-company_companies.scrubbed.json", "/company/companies",
          {{"/sicCode", "no table of industries is served, nor referred to by the pack"},
           {"/invoiceDeliveryMethod", "no table of delivery methods, likewise"}});
  compare("live2025.1-company_contacts.scrubbed.json", "/company/contacts",
          {{"/site/_info/mobileGuid", "other real references to sites do not have it"}});
}

TEST_CASE("agreements look like a real response") {
  compare("live2025.1-Agreement.scrubbed.json", "/finance/agreements");
}

TEST_CASE("expense entries look like a real response") {
  compare("live2025.1-ExpenseEntry.scrubbed.json", "/expense/entries");
}

TEST_CASE("invoices look like real responses") {
  const std::vector<Exception> posted = {
      {"/glBatch", "nothing is posted here: every invoice waits among the unposted ones"}};
  compare("live2025.1-finance_invoices.scrubbed.json", "/finance/invoices", posted);
  compare("live2025.1-PostedInvoice.scrubbed.json", "/finance/invoices", posted);
}

TEST_CASE("unposted invoices look like a real response") {
  compare("live2025.1-UnpostedInvoice.scrubbed.json", "/finance/accounting/unpostedinvoices");
}

TEST_CASE("products look like a real response") {
  compare("live2025.1-ProductItem.scrubbed.json", "/procurement/products");
}

TEST_CASE("system info looks like a real response") {
  TestClient client;
  Shape expected;
  collect(*read_data("samples/live2025.1-system_info.scrubbed.json").find("sample"), "", expected);
  Shape ours;
  collect(client.get("/system/info").body, "", ours);
  CHECK(ours == expected);
}

TEST_CASE("reports are told by name alone, as in a real response") {
  const json::Value sample = read_data("samples/live2025.1-system_reports.scrubbed.json");
  Shape expected;
  collect(*sample.find("sample"), "", expected);
  CHECK(our_shape("/system/reports") == expected);
}

TEST_CASE("paths, methods, fields and types are those of the API's document") {
  const json::Value document = read_data("openapi-2026.4.json");
  const json::Value& paths = *document.find("paths");
  TestClient client;
  // The document has a reference where real references show the code itself; and it lacks a field
  // that live instances return (and refuse in conditions).
  const std::set<std::string> differs = {"finance/currencies currencyCode",
                                         "company/companies/{company}/sites defaultFlag"};
  for (const auto& table : client.engine.database().tables()) {
    const ResourceSpec& resource = table.resource();
    if (resource.methods == kUnserved) continue;
    CAPTURE(resource.path);
    const std::string path = document_path(resource.path);
    const json::Value* collection = paths.find(path);
    // Some collections of the document end with a slash.
    if (collection == nullptr) collection = paths.find(path + "/");
    REQUIRE(collection != nullptr);
    const json::Value* record = paths.find(path + "/{id}");
    const Methods& methods = resource.methods;
    if (methods.list) CHECK(collection->find("get") != nullptr);
    if (methods.create) CHECK(collection->find("post") != nullptr);
    if (methods.get) REQUIRE(record != nullptr);
    if (methods.get) CHECK(record->find("get") != nullptr);
    if (methods.patch) CHECK(record->find("patch") != nullptr);
    if (methods.replace) CHECK(record->find("put") != nullptr);
    if (methods.remove) CHECK(record->find("delete") != nullptr);
    CHECK(model_of(methods.get ? *record : *collection) == resource.type);
    const json::Value* model = document.find("components")->find("schemas")->find(resource.type);
    REQUIRE(model != nullptr);
    const json::Value& properties = *model->find("properties");
    for (const FieldSpec& field : table.fields()) {
      if (field.hidden || field.in_info) continue;
      if (differs.contains(fmt::format("{} {}", resource.path, field.name))) continue;
      CAPTURE(field.name);
      const json::Value* property = properties.find(field.name);
      CHECK_MESSAGE(property != nullptr, "the model has it");
      if (property != nullptr) CHECK(our_kind(field) == expected_kind(*property));
      if (property == nullptr || field.kind != FieldKind::choice) continue;
      const json::Value* choices = property->find("enum");
      if (choices == nullptr) continue;
      for (const std::string_view one : field.choices) {
        CAPTURE(one);
        CHECK(std::ranges::any_of(*choices->if_array(), [&](const json::Value& known) {
          return known.if_string() != nullptr && *known.if_string() == one;
        }));
      }
    }
  }
}
