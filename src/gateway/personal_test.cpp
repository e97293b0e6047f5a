// What is personal stays out of the log: every argument of every tool that holds such a thing,
// before the sandbox, in an environment that keeps all it can.
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

#include "audit/event_json.h"
#include "audit/log.h"
#include "gateway/test_journal.h"
#include "gateway/test_least_arguments.h"
#include "gateway/test_world.h"

namespace patchbay::gateway {
namespace {

using integration::Argument;
using integration::FieldType;
using integration::Personal;

struct Desk {
  Journals journals;
  World world;

  explicit Desk(audit::Arguments arguments) : world({}, with_journal()) {
    store::EnvironmentRow row{.id = "env_1", .name = "One"};
    row.audit = audit::to_json({.arguments = arguments});
    REQUIRE(journals.repository->insert(row));
    journals.journal->learn("env_1", arguments);
    world.harness.context.caller = {.environment_id = "env_1", .server_id = "mcp_1"};
  }
  GatewayOptions with_journal() {
    GatewayOptions options;
    options.journal = journals.journal;
    return options;
  }
  // All events, once there are so many.
  std::vector<json::Value> events(std::size_t wanted) {
    std::vector<json::Value> found;
    for (int i = 0; i < 500; ++i) {
      found.clear();
      std::optional<audit::LogPosition> after = audit::LogPosition();
      while (after) {
        const auto page = audit::read_log(*journals.repository, {}, *after, 1'000).value();
        for (const auto& row : page.events) {
          json::Value shown = audit::view(row);
          if (shown.string_or("kind", "") != "note") found.push_back(std::move(shown));
        }
        after = page.next;
      }
      if (found.size() >= wanted) break;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return found;
  }
  // The one event of a call.
  json::Value after_call(const std::string& tool, const std::string& arguments) {
    static_cast<void>(world.call(tool, arguments));
    const auto all = events(1);
    REQUIRE(all.size() == 1);
    return all.front();
  }
};

// A value of that type that stands nowhere else.
json::Value told(const Argument& argument, const std::string& word) {
  if (argument.schema.find("enum") != nullptr) {
    return argument.schema.find("enum")->if_array()->front();
  }
  switch (argument.type) {
    case FieldType::integer:
    case FieldType::number:
      return 71'934'605;
    case FieldType::boolean:
      return true;
    case FieldType::date:
      return "1971-03-04";
    case FieldType::date_time:
      return "1971-03-04T05:06:07Z";
    case FieldType::array:
      return json::Array{word, json::Object{{"value", word}, {"name", word}}};
    case FieldType::object:
      return json::Object{{"value", word}, {"within", json::Object{{"name", word}}}};
    default:
      return argument.written_as == integration::WrittenAs::text &&
                     argument.personal != Personal::marks
                 ? json::Value(word)
                 : json::Value(word + "@example.com");
  }
}

}  // namespace

TEST_CASE("personal: no argument that is marked shows its value, of whatever tool and type") {
  for (const auto kept : {audit::Arguments::values, audit::Arguments::all}) {
    Desk desk(kept);
    std::size_t tried = 0;
    std::set<std::string> tools;
    for (const auto& tool : shipped_tools()->tools()) {
      json::Object arguments = least_arguments(*tool);
      std::vector<const Argument*> marked;
      for (const auto& argument : tool->method->arguments) {
        if (argument.personal != Personal::nothing) marked.push_back(&argument);
      }
      if (marked.empty()) continue;
      for (std::size_t i = 0; i < marked.size(); ++i) {
        arguments[marked[i]->name] = told(*marked[i], "Zzyzx" + std::to_string(i));
      }
      // Whatever comes of it: what is refused is recorded as well.
      static_cast<void>(desk.world.harness.call_value(tool->name, arguments));
      tools.insert(tool->name);
      tried += marked.size();
    }
    CHECK(tried > 300);
    std::size_t seen = 0;
    for (const auto& event : desk.events(tools.size())) {
      const auto* tool = shipped_tools()->find(event.string_or("tool", ""));
      REQUIRE(tool != nullptr);
      const std::string all = json::to_string(event);
      for (const std::string_view what : {"Zzyzx", "71934605", "1971-03-04"}) {
        if (all.contains(what)) FAIL_CHECK(tool->name << " tells " << what << ": " << all);
      }
      const auto* shown = event.find("arguments");
      for (const auto& argument : tool->method->arguments) {
        if (argument.personal == Personal::nothing) continue;
        const auto* value = shown->find(argument.name);
        REQUIRE_MESSAGE(value != nullptr, tool->name << '.' << argument.name);
        ++seen;
        // Ids of what may be named by a text are shown, and of several each is told by itself.
        const auto* several = value->if_array();
        const bool hidden =
            !value->string_or("redacted", "").empty() || argument.type == FieldType::array ||
            argument.type == FieldType::object ||
            (several != nullptr && std::ranges::none_of(*several, &json::Value::is_string));
        if (!hidden) FAIL_CHECK(tool->name << '.' << argument.name << ": " << all);
      }
    }
    CHECK(seen >= tried);
  }
}

TEST_CASE("personal: `all` keeps titles, names of things and ids, and what came of it") {
  Desk desk(audit::Arguments::all);
  const auto event = desk.after_call(
      "create_a_connect_wise_psa_ticket",
      R"({"company":"Acme Corp","board":"Triage","summary":"Printer is on fire","contact":"Jane Doe",
          "initialDescription":"My number is 555","owner":153})");
  const std::string all = json::to_string(event);
  const auto& kept = *event.find("arguments");
  CHECK(kept.string_or("summary", "") == "Printer is on fire");
  CHECK(kept.string_or("company", "") == "Acme Corp");
  CHECK(kept.string_or("board", "") == "Triage");
  CHECK(kept.int64_or("owner", 0) == 153);
  CHECK(kept.find("contact")->string_or("redacted", "") == "personal");
  CHECK(kept.find("initialDescription")->string_or("redacted", "") == "personal");
  CHECK_FALSE(all.contains("Jane"));
  CHECK_FALSE(all.contains("555"));
}

TEST_CASE("personal: a company is kept by its name, and not by its phone number") {
  const auto kept = [](const std::string& company) {
    Desk desk(audit::Arguments::all);
    const auto event =
        desk.after_call("list_all_connect_wise_psa_tickets", R"({"company":")" + company + R"("})");
    return json::to_string(*event.find("arguments")->find("company"));
  };
  CHECK(kept("Acme Corp") == R"("Acme Corp")");
  CHECK(kept("+1 555 010 0100").contains("personal"));
}

TEST_CASE("personal: what a record says of people is not in the summary of an answer") {
  Desk desk(audit::Arguments::all);
  const auto event = desk.after_call("get_single_connect_wise_psa_ticket_by_id", R"({"id":5012})");
  const auto record = desk.world.direct("/service/tickets/5012");
  const auto& summary = *event.find("summary");
  CHECK(summary.int64_or("id", 0) == 5012);
  CHECK(summary.string_or("summary", "") == record.string_or("summary", "?"));
  CHECK(summary.find("company")->string_or("name", "") ==
        record.find("company")->string_or("name", "?"));
  const std::string all = json::to_string(summary);
  const std::string contact(record.find("contact")->string_or("name", ""));
  REQUIRE_FALSE(contact.empty());
  CHECK_FALSE(all.contains(contact));
  for (const char* name : {"contactName", "contactEmailAddress", "contactPhoneNumber"}) {
    const auto* const member = summary.find(name);
    const bool told = member != nullptr && member->if_string() != nullptr;
    CHECK_FALSE(told);
  }
}

TEST_CASE("personal: an expression is kept where it compares nothing personal, and is one") {
  const auto kept = [](const std::string& expression) {
    Desk desk(audit::Arguments::all);
    json::Object arguments{{"conditions", expression}};
    static_cast<void>(
        desk.world.harness.call_value("list_all_connect_wise_psa_tickets", arguments));
    const auto all = desk.events(1);
    return json::to_string(*all.front().find("arguments")->find("conditions"));
  };
  CHECK(kept("board/name = 'Triage' and closedFlag = false").contains("Triage"));
  for (const char* hidden :
       {"contactName = 'Zzyzx'", "contact/name = 'Zzyzx'", "id > 1 and enteredBy contains 'Zzyzx'",
        "summary = 'x' Zzyzx", "Zzyzx", "summary = \"Zzyzx", "owner/name like 'Zzyzx%'"}) {
    CHECK_FALSE(kept(hidden).contains("Zzyzx"));
  }
}

TEST_CASE("personal: custom fields are kept by neither name nor value") {
  Desk desk(audit::Arguments::all);
  const auto event = desk.after_call("list_all_connect_wise_psa_tickets",
                                     R"({"customField":{"Passport":"Zzyzx"},"limit":3})");
  CHECK_FALSE(json::to_string(event).contains("Zzyzx"));
  CHECK(event.find("arguments")->int64_or("limit", 0) == 3);
  Desk other(audit::Arguments::all);
  const auto written = other.after_call("update_a_connect_wise_psa_ticket_by_id",
                                        R"({"id":5012,"customFields":{"Passport":"Zzyzx"}})");
  CHECK_FALSE(json::to_string(written).contains("Zzyzx"));
}

TEST_CASE("personal: of a list the ids of its records are kept") {
  Desk desk(audit::Arguments::all);
  const auto event = desk.after_call("list_all_connect_wise_psa_contacts", R"({"limit":4})");
  CHECK(event.find("summary")->find("ids")->if_array()->size() == 4);
}

}  // namespace patchbay::gateway
