#include <algorithm>

#include "gateway/test_world.h"
#include "integration/naming.h"

namespace patchbay::gateway {

namespace {

constexpr const char* kGet = "get_single_connect_wise_psa_ticket_by_id";
constexpr const char* kUpdate = "update_a_connect_wise_psa_ticket_by_id";
constexpr const char* kCreate = "create_a_connect_wise_psa_ticket";

json::Value value_of(const json::Value& ticket, std::string_view caption) {
  for (const auto& entry : *ticket.find("customFields")->if_array()) {
    const auto* value = entry.find("value");
    if (entry.string_or("caption", "") == caption && value != nullptr) return *value;
  }
  return nullptr;
}

std::string path_of(const catalog::Tool& tool, const json::Object& arguments) {
  std::string path = tool.method->path.text();
  for (const auto& [name, value] : arguments) {
    const auto at = path.find('{' + name + '}');
    if (at != std::string::npos) path.replace(at, name.size() + 2, json::to_string(value));
  }
  return path;
}

const integration::Argument* find_argument(const catalog::Tool& tool, std::string_view name) {
  for (const auto& argument : tool.method->arguments) {
    if (argument.name == name) return &argument;
  }
  return nullptr;
}

}  // namespace

TEST_CASE("custom fields: set by caption, the others keep their values, and come back by caption") {
  World world;
  auto outcome =
      world.call(kUpdate, R"({"id":5012,"customFields":{"Affected users":7,"after hours":true}})");
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  CHECK(outcome.value.find("customFields")->int64_or("Affected users", 0) == 7);
  CHECK(outcome.value.find("customFields")->bool_or("After hours", false));
  // Numbers as texts are mended; what is not named stays.
  outcome = world.call(kUpdate, R"({"id":5012,"customFields":{"Affected users":"8"}})");
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  auto ticket = world.direct("/service/tickets/5012");
  CHECK(value_of(ticket, "Affected users").as_int64() == 8);
  CHECK(value_of(ticket, "After hours") == json::Value(true));

  outcome = world.call(kGet, R"({"id":5012})");
  CHECK(outcome.value.find("customFields")->is_object());
  CHECK(outcome.value.find("customFields")->int64_or("Affected users", 0) == 8);
  outcome = world.call(kGet, R"({"id":5012,"verbose":true})");
  CHECK(outcome.value.find("customFields")->is_array());
  outcome = world.call("list_all_connect_wise_psa_tickets",
                       R"({"conditions":"id = 5012","fields":["id","customFields"]})");
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  CHECK(outcome.value.find("result")
            ->if_array()
            ->front()
            .find("customFields")
            ->int64_or("Affected users", 0) == 8);

  // An empty text clears one; null says nothing.
  outcome = world.call(kUpdate,
                       R"({"id":5012,"customFields":{"Affected users":null,"After hours":true}})");
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  CHECK(value_of(world.direct("/service/tickets/5012"), "Affected users").as_int64() == 8);
  outcome = world.call(kUpdate, R"({"id":5012,"customFields":{"Affected users":""}})");
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  ticket = world.direct("/service/tickets/5012");
  CHECK(value_of(ticket, "Affected users").is_null());
  CHECK(value_of(ticket, "After hours") == json::Value(true));
}

TEST_CASE("custom fields: the second of one caption goes by its id as well, both ways") {
  io::Runtime runtime{{.loops = 1}};
  runtime.start();
  const std::string record = R"({"id":7,"customFields":[{"id":4,"caption":"Region","type":"Text"},
    {"id":5,"caption":"Region","type":"Text","value":"North"}]})";
  StubUpstream upstream(
      runtime, [&](const StubUpstream::Seen&) { return http::Response::json(200, record); });
  Harness harness(runtime, upstream.port());
  const auto shown = harness.call(kGet, R"({"id":7})");
  const auto* fields = shown.value.find("customFields");
  REQUIRE(fields != nullptr);
  CHECK(json::to_string(*fields) == R"-({"Region (5)":"North"})-");
  const auto written = [&](const std::string& caption) {
    upstream.forget();
    harness.call(kUpdate, R"({"id":7,"customFields":{")" + caption + R"(":"South"}})");
    for (const auto& seen : upstream.seen()) {
      if (seen.method == "PATCH") return seen.body;
    }
    return std::string();
  };
  const auto second = written("Region (5)");
  CHECK_MESSAGE(second.contains(R"("id":5,"caption":"Region","type":"Text","value":"South")"),
                second);
  const auto first = written("Region");
  CHECK_MESSAGE(first.contains(R"("id":4,"caption":"Region","type":"Text","value":"South")"),
                first);
  runtime.stop();
}

TEST_CASE("custom fields: an unknown caption or a wrong type is refused before anything is sent") {
  World world;
  const auto before = world.direct("/service/tickets/5012");
  auto outcome = world.call(kUpdate, R"({"id":5012,"customFields":{"Afected users":7}})");
  CHECK(outcome.result.is_error);
  CHECK(outcome.error().contains("Affected users"));
  CHECK(outcome.error().contains("After hours"));
  CHECK(outcome.was_applied() == "no");
  outcome = world.call(
      kUpdate, R"({"id":5012,"customFields":{"Affected users":"many","After hours":"maybe"}})");
  CHECK(outcome.error().contains("takes a number"));
  CHECK(outcome.error().contains("takes true or false"));
  CHECK(world.direct("/service/tickets/5012") == before);
  outcome =
      world.call(kUpdate, R"({"id":5012,"customFields":{"Affected users":9},"dry_run":true})");
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  CHECK(outcome.result.text.contains("customFields"));
  CHECK(world.direct("/service/tickets/5012") == before);
}

TEST_CASE("custom fields: a new record takes them as well") {
  World world;
  const auto outcome = world.call(
      kCreate,
      R"({"summary":"With fields","company":"Acme Corp","customFields":{"Affected users":3}})");
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  const auto ticket =
      world.direct("/service/tickets/" + std::to_string(outcome.value.int64_or("id", 0)));
  CHECK(value_of(ticket, "Affected users").as_int64() == 3);
  CHECK(value_of(ticket, "After hours").is_null());
}

TEST_CASE("custom fields: every resource that has them takes, keeps and shows them") {
  World world;
  std::size_t resources = 0;
  for (const auto& tool : world.harness.tools->tools()) {
    const auto* argument = tool->method->kind == integration::MethodKind::update
                               ? find_argument(*tool, "customFields")
                               : nullptr;
    // Of records that have no parent: these are there in any case.
    if (argument == nullptr || tool->method->path.names().size() != 1) continue;
    CAPTURE(tool->name);
    // Newest first: the oldest are closed, billed or approved.
    auto ids = world.direct_ids(tool->resource->path.text());
    std::ranges::reverse(ids);
    json::Object arguments = {{"id", ids.front()}};
    std::string path = path_of(*tool, arguments);
    json::Value before = world.direct(path);
    const auto* entries = before.find("customFields");
    if (entries == nullptr || entries->if_array()->empty()) continue;
    ++resources;
    const std::string caption(entries->if_array()->front().string_or("caption", ""));
    const std::string type(entries->if_array()->front().string_or("type", ""));
    const json::Value value = type == "Number"     ? json::Value(7)
                              : type == "Checkbox" ? json::Value(true)
                              : type == "Date"     ? json::Value("2027-03-01")
                                                   : json::Value("Ours \"quoted\"");
    arguments["customFields"] = json::Object{{caption, value}};
    auto written = world.harness.call_value(tool->name, json::Value(arguments));
    for (std::size_t i = 1; written.result.is_error && i < ids.size() && i < 40; ++i) {
      arguments["id"] = ids[i];
      path = path_of(*tool, arguments);
      before = world.direct(path);
      entries = before.find("customFields");
      written = world.harness.call_value(tool->name, json::Value(arguments));
    }
    REQUIRE_MESSAGE(!written.result.is_error, written.result.text);
    const auto after = world.direct(path);
    for (const auto& each : *entries->if_array()) {
      const std::string name(each.string_or("caption", ""));
      if (name == caption) continue;
      const auto* had = each.find("value");
      CHECK_MESSAGE(value_of(after, name) == (had != nullptr ? *had : json::Value(nullptr)), name);
    }
    const auto stored = value_of(after, caption);
    if (type == "Date") {
      CHECK(stored.if_string()->starts_with("2027-03-01"));
    } else {
      CHECK(json::to_string(stored) == json::to_string(value));
    }
    const auto get = integration::tool_name(tool->integration->tool_prefix, *tool->resource,
                                            *tool->resource->find_method("get"));
    arguments.erase("customFields");
    const auto shown = world.harness.call_value(get, json::Value(arguments));
    REQUIRE_MESSAGE(!shown.result.is_error, shown.result.text);
    const auto* compact = shown.value.find("customFields");
    REQUIRE_MESSAGE(compact != nullptr, shown.result.text);
    CHECK(compact->find(caption) != nullptr);

    // And the list finds it by them, whatever stands in the value.
    const auto list = integration::tool_name(tool->integration->tool_prefix, *tool->resource,
                                             *tool->resource->find_method("list"));
    json::Object query;
    query["customField"] = json::Object{{caption, value}};
    query["limit"] = 1000;
    const auto found = world.harness.call_value(list, json::Value(query));
    REQUIRE_MESSAGE(!found.result.is_error, found.result.text);
    const auto id = before.int64_or("id", 0);
    const auto& records = *found.value.find("result")->if_array();
    CHECK_MESSAGE(std::ranges::any_of(
                      records, [&](const auto& each) { return each.int64_or("id", -1) == id; }),
                  found.result.text.substr(0, 300));
  }
  CHECK(resources >= 8);
}

TEST_CASE("custom fields: a list is narrowed by one of them, and no value changes the question") {
  World world;
  const char* list = "list_all_connect_wise_psa_tickets";
  REQUIRE(!world.call(kUpdate, R"({"id":5012,"customFields":{"Vendor case":"a\" or 1=1"}})")
               .result.is_error);
  const auto ids = [&](const std::string& pair) {
    return world.follow(list, R"({"limit":1000,"customField":)" + pair + "}");
  };
  CHECK(ids(R"({"Vendor case":"a\" or 1=1"})") == std::vector<std::int64_t>{5012});
  CHECK(ids(R"({"Vendor case":"\" or value != \""})").empty());
  CHECK(ids(R"({"Vendor case\" or caption != \"":"x"})").empty());
  REQUIRE(!world.call(kUpdate, R"({"id":5012,"customFields":{"Affected users":4711}})")
               .result.is_error);
  CHECK(ids(R"({"affected users":4711})") == std::vector<std::int64_t>{5012});
  CHECK(ids(R"({"Affected users":"4711"})") == std::vector<std::int64_t>{5012});
  // Beside other filters, and when only counted.
  auto outcome = world.call(list, R"({"customField":{"Affected users":4711},"count":true})");
  CHECK(outcome.value.int64_or("count", -1) == 1);
  outcome = world.call(list, R"({"customField":{"Affected users":4711},"board":"Internal IT"})");
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  CHECK(outcome.value.int64_or("result_count", -1) == 0);
}

TEST_CASE("custom fields: a filter that cannot be meant is told with what there is") {
  World world;
  const auto error = [&](const std::string& arguments) {
    const auto outcome = world.call("list_all_connect_wise_psa_tickets", arguments);
    CHECK_MESSAGE(outcome.result.is_error, arguments);
    return outcome.error();
  };
  CHECK(error(R"({"customField":{"A":1,"B":2}})").contains("one custom field at a time"));
  CHECK(error(R"({"customField":"Vendor case"})").contains("customField"));
  CHECK(error(R"({"customField":{"Vendor case":[1]}})").contains("the value must be"));
  CHECK(error(R"({"customField":{"Affected users":"many"}})").contains("takes a number"));
  CHECK(error(R"({"customField":{"A":1},"customFieldConditions":"caption=\"A\""})")
            .contains("one of them only"));
  const auto unknown =
      world.call("list_all_connect_wise_psa_tickets", R"({"customField":{"Vendor":"x"}})");
  REQUIRE_MESSAGE(!unknown.result.is_error, unknown.result.text);
  CHECK(unknown.value.string_or("notice", "").contains("no custom field 'Vendor'"));
  CHECK(unknown.value.string_or("notice", "").contains("Vendor case"));
}

TEST_CASE("custom fields are taken as texts, which is how they are listed") {
  World world;
  auto outcome = world.call(
      kUpdate, R"({"id":5012,"customFields":["Affected users: 7","after hours: true"]})");
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  CHECK(outcome.value.find("customFields")->int64_or("Affected users", 0) == 7);
  CHECK(outcome.value.find("customFields")->bool_or("After hours", false));
  // One text, and the API's own form.
  outcome = world.call(kUpdate, R"({"id":5012,"customFields":"Vendor case: 4711: b"})");
  CHECK(outcome.value.find("customFields")->string_or("Vendor case", "") == "4711: b");
  outcome =
      world.call(kUpdate, R"({"id":5012,"customFields":[{"caption":"Affected users","value":9}]})");
  CHECK(outcome.value.find("customFields")->int64_or("Affected users", 0) == 9);
  const char* list = "list_all_connect_wise_psa_tickets";
  outcome = world.call(list, R"({"customField":["Vendor case: 4711: b"],"count":true})");
  CHECK(outcome.value.int64_or("count", 0) == 1);
  outcome = world.call(kUpdate, R"({"id":5012,"customFields":["Affected users:"]})");
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  CHECK(outcome.value.find("customFields")->int64_or("Affected users", -1) == -1);
}

TEST_CASE("a text that is no caption with a value is refused, and nothing is sent") {
  World world;
  const auto before = world.direct("/service/tickets/5012");
  const auto error = [&](const std::string& fields) {
    return world.call(kUpdate, R"({"id":5012,"customFields":)" + fields + "}").error();
  };
  CHECK(error(R"(["Affected users"])").contains("'Affected users' has no value"));
  CHECK(error(R"([7])").contains("Region: South"));
  CHECK(error(R"(["After hours: true","After hours: false"])").contains("is given twice"));
  CHECK(error(R"(["Afected users: 7"])").contains("no such caption"));
  CHECK(world.direct("/service/tickets/5012") == before);
}

}  // namespace patchbay::gateway
