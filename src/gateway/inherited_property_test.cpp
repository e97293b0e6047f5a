// Whose a record is, the record that it hangs on says where the call does not: what is looked up
// within a company is held to the company of the ticket, the project, the contact.
#include <algorithm>
#include <optional>
#include <set>

#include "gateway/test_least_arguments.h"
#include "gateway/test_world.h"

namespace patchbay::gateway {

namespace {

using integration::Argument;
using integration::ArgumentPlace;
using integration::Inherited;
using integration::MethodKind;
using integration::Resource;
using integration::Scope;

const Resource* resource_called(const std::string& name) {
  return shipped_tools()->integration().find_resource(name);
}

std::int64_t id_in(const json::Value& record, const std::string& field) {
  const auto* value = record.find(field);
  return value != nullptr ? value->int64_or("id", 0) : 0;
}

// The ids that a reference's list has within, or without, what its scope names.
std::vector<std::int64_t> ids_of(World& world, const Argument& argument, const Scope& scope,
                                 std::int64_t owner, bool within) {
  const auto* target = resource_called(argument.reference->resource);
  std::string path = target->path.text();
  if (path.contains('{')) return {};
  const auto* list = target->find_method("list");
  const auto parameter = std::ranges::find(list->arguments, scope.parameter, &Argument::name);
  REQUIRE(parameter != list->arguments.end());
  std::string field = parameter->field();
  if (!field.contains('/')) field += "/id";
  return world.direct_ids(path + "?conditions=" + field + (within ? "=" : "!=") +
                          std::to_string(owner));
}

// What names the parent: an argument of the path or the body.
const Argument* names_parent(const catalog::Tool& tool, const Inherited& rule) {
  for (const auto& argument : tool.method->arguments) {
    const bool sent =
        argument.place == ArgumentPlace::body || argument.place == ArgumentPlace::path;
    if (sent && argument.field() == rule.from && argument.also.empty()) return &argument;
  }
  return nullptr;
}

// Arguments whose references are there.
json::Object arguments_for(World& world, const catalog::Tool& tool) {
  auto arguments = least_arguments(tool);
  for (const auto& argument : tool.method->arguments) {
    if (!argument.reference || !arguments.contains(argument.name)) continue;
    const auto* target = resource_called(argument.reference->resource);
    if (target->path.text().contains('{')) continue;
    arguments[argument.name] = world.direct_ids(target->path.text()).front();
  }
  if (tool.method->kind == MethodKind::update) {
    arguments["id"] = world.direct_ids(tool.resource->path.text()).front();
  }
  arguments["dry_run"] = true;
  return arguments;
}

// One parent of that resource: what is another owner's is refused, what is this one's is not.
int try_parent(World& world, const catalog::Tool& tool, const Argument& argument,
               const Scope& scope, const Inherited& rule, const std::string& parent_resource,
               const std::string& choice) {
  const auto* by = names_parent(tool, rule);
  const auto* parents = resource_called(parent_resource);
  if (by == nullptr || by == &argument || parents->path.text().contains('{')) return 0;
  const auto records = world.direct(parents->path.text() + "?pageSize=200&orderBy=id%20desc");
  for (const auto& record : *records.if_array()) {
    const bool itself = parent_resource == "companies" && rule.field == "company";
    const auto owner = itself ? record.int64_or("id", 0) : id_in(record, rule.field);
    if (owner == 0) continue;
    const auto ours = ids_of(world, argument, scope, owner, true);
    const auto theirs = ids_of(world, argument, scope, owner, false);
    if (ours.empty() || theirs.empty()) continue;
    auto arguments = arguments_for(world, tool);
    for (const auto& other : tool.resource->inherits) {
      if (const auto* name = names_parent(tool, other)) arguments.erase(name->name);
    }
    arguments.erase(rule.field);
    for (const auto& each : tool.method->arguments) {
      if (each.also.contains(rule.from) || each.field() == rule.from) arguments.erase(each.name);
    }
    arguments[by->name] = record.int64_or("id", 0);
    if (!rule.by.empty()) arguments[rule.by] = choice;
    const auto call = [&](std::int64_t id) {
      arguments[argument.name] = id;
      return world.harness.call_value(tool.name, arguments);
    };
    const auto complaint = [&](const std::string& name, std::int64_t id) {
      return name + ' ' + std::to_string(id) + " does not exist on " + rule.field;
    };
    const auto wrong = call(theirs.front());
    CHECK_MESSAGE(wrong.result.is_error, wrong.result.text);
    // Of two that are looked up within the owner, either may be the odd one.
    const bool told = wrong.result.text.contains(complaint(argument.name, theirs.front())) ||
                      wrong.result.text.contains(complaint(by->name, record.int64_or("id", 0)));
    CHECK_MESSAGE(told, wrong.result.text);
    const auto right = call(ours.front());
    CHECK_MESSAGE(!right.result.text.contains(complaint(argument.name, ours.front())),
                  right.result.text);
    return 1;
  }
  return 0;
}

}  // namespace

TEST_CASE("inherited: what is looked up within another record's owner is held to that owner") {
  World world;
  std::set<std::string> tried;
  for (const auto& each : shipped_tools()->tools()) {
    const auto& tool = *each;
    const auto kind = tool.method->kind;
    if (kind != MethodKind::create && kind != MethodKind::update) continue;
    for (const auto& argument : tool.method->arguments) {
      if (argument.place != ArgumentPlace::body || !argument.reference) continue;
      for (const auto& scope : argument.reference->scopes) {
        for (const auto& rule : tool.resource->inherits) {
          if (rule.field != scope.argument) continue;
          auto resources = rule.resources;
          if (rule.by.empty()) resources = {{"", rule.resource}};
          for (const auto& [choice, resource] : resources) {
            CAPTURE(tool.name);
            CAPTURE(argument.name);
            CAPTURE(choice);
            if (try_parent(world, tool, argument, scope, rule, resource, choice) > 0) {
              tried.insert(tool.resource->name + '.' + argument.name + ' ' + resource);
            }
          }
        }
      }
    }
  }
  for (const auto& one : tried) MESSAGE(one);
  CHECK(tried.size() >= 10);
}

TEST_CASE("inherited: no write looks anything up within an owner that it cannot know") {
  for (const auto& each : shipped_tools()->tools()) {
    const auto& tool = *each;
    if (!tool.method->writes()) continue;
    for (const auto& argument : tool.method->arguments) {
      if (argument.place != ArgumentPlace::body || !argument.reference) continue;
      for (const auto& scope : argument.reference->scopes) {
        CAPTURE(tool.name);
        CAPTURE(argument.name);
        const auto& given = tool.method->arguments;
        const auto* field = tool.resource->find_field(scope.argument);
        const bool said = std::ranges::find(given, scope.argument, &Argument::name) != given.end();
        const bool stands =
            !tool.method->record_path.empty() && field != nullptr && field->returned;
        const bool inherits = std::ranges::find(tool.resource->inherits, scope.argument,
                                                &Inherited::field) != tool.resource->inherits.end();
        CHECK((said || stands || inherits));
      }
    }
  }
}

TEST_CASE("inherited: an agreement is found by name within the ticket's company") {
  World world;
  const auto agreements =
      world.direct("/finance/agreements?pageSize=400&conditions=cancelledFlag=false");
  // A name that several companies have.
  const json::Value* mine = nullptr;
  for (const auto& one : *agreements.if_array()) {
    const auto alike = std::ranges::count_if(*agreements.if_array(), [&](const auto& other) {
      return other.string_or("name", "") == one.string_or("name", "-");
    });
    const auto tickets = world.direct_ids("/service/tickets?conditions=company/id=" +
                                          std::to_string(id_in(one, "company")));
    const auto own = std::ranges::count_if(*agreements.if_array(), [&](const auto& other) {
      return other.string_or("name", "") == one.string_or("name", "-") &&
             id_in(other, "company") == id_in(one, "company");
    });
    if (alike > 1 && own == 1 && !tickets.empty()) {
      mine = &one;
      break;
    }
  }
  REQUIRE(mine != nullptr);
  const auto company = id_in(*mine, "company");
  const auto ticket =
      world.direct_ids("/service/tickets?conditions=company/id=" + std::to_string(company)).front();
  const auto log = [&](const json::Value& more) {
    json::Value arguments = json::Object{{"ticketId", ticket},
                                         {"timeStart", "2026-11-20T09:00:00Z"},
                                         {"actualHours", 1},
                                         {"agreement", mine->string_or("name", "")},
                                         {"dry_run", true}};
    for (const auto& [name, value] : *more.if_object()) arguments[name] = value;
    return world.harness.call_value("create_a_connect_wise_psa_time_entry", arguments);
  };
  const auto found = log(json::Object());
  REQUIRE_MESSAGE(!found.result.is_error, found.result.text);
  CHECK(found.value.find("resolved")->find("agreement")->int64_or("id", 0) ==
        mine->int64_or("id", -1));
  // The API books it on the ticket's company, whatever is said.
  const auto other =
      world.direct_ids("/company/companies?conditions=id!=" + std::to_string(company)).front();
  const auto contradicted = log(json::Object{{"company", other}});
  CHECK_MESSAGE(contradicted.error().contains("is not that of ticket"), contradicted.result.text);
}

}  // namespace patchbay::gateway
