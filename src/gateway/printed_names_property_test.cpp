// What is printed is taken: every form in which a record is named, given back to every reference of
// every tool, means that record.
#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/text.h"
#include "gateway/answers/cursor.h"
#include "gateway/call/call.h"
#include "gateway/names/candidates.h"
#include "gateway/names/lookups.h"
#include "gateway/names/reference_lookup.h"
#include "gateway/names/said.h"
#include "gateway/names/scopes.h"
#include "gateway/test_world.h"
#include "gateway/writes/recent_writes.h"

namespace patchbay::gateway {
namespace {

using integration::Argument;

struct Form {
  json::Value given;
  bool has_id = false;  // then it can mean nothing else, also a record that is out of use
};

std::vector<Form> forms_of(const json::Value& record, const MatchRule& rule,
                           const Argument& argument, const integration::Integration& integration) {
  const auto id = *record.find("id")->as_int64();
  const auto number = std::to_string(id);
  const auto label = label_of(record, rule);
  std::vector<Form> forms = {{json::Value(id), true}, {json::Value(number), true}};
  // A number alone is what such a record is called, 75 for 75 %, and no id.
  if (argument.reference->called_by_number) forms = {{json::Value("id " + number), true}};
  if (label.empty()) return forms;
  const auto longer = long_label_of(record, rule);
  forms.push_back({json::Value(label)});
  forms.push_back({json::Value(to_lower(label))});
  forms.push_back({json::Value(longer)});
  forms.push_back({json::Value(print_record(record, rule, false))});
  forms.push_back({json::Value(print_record(record, rule, true)), true});
  forms.push_back({json::Value(longer + " (id " + number + ')'), true});
  forms.push_back({json::Value(label + " (" + number + ')')});
  // As messages quote them.
  forms.push_back({json::Value('\'' + label + '\'')});
  forms.push_back({json::Value('\'' + label + "' (id " + number + ')'), true});
  forms.push_back({json::Value("\"" + longer + "\" (id " + number + ')'), true});
  // As the API writes references, and as `resolved` does.
  const auto said = [&](json::Object object) {
    return said_by_object(object, argument, integration);
  };
  forms.push_back({said({{"id", id}, {"name", label}}), true});
  forms.push_back({said({{"name", label}})});
  forms.push_back({said({{"id", id}})});
  if (const auto short_name = record.string_or("identifier", ""); !short_name.empty()) {
    forms.push_back({said({{"id", id}, {"identifier", short_name}, {"name", label}}), true});
  }
  return forms;
}

struct Round {
  Services& services;
  Lookups& lookups;
  const CallContext& context;
  std::set<std::string> tried;  // tool.argument
  std::size_t forms = 0;

  // The records of the argument's scopes: of each required one the first few that there are.
  io::Task<std::vector<ScopeValues>> scopes_of(Call& call,
                                               const integration::Reference& reference) {
    std::vector<ScopeValues> out = {{}};
    for (const auto& scope : reference.scopes) {
      if (!scope.required) continue;
      out.clear();
      const auto* list = call.integration().find_resource(reference.resource)->find_method("list");
      const auto parameter = std::ranges::find(list->arguments, scope.parameter, &Argument::name);
      REQUIRE(parameter != list->arguments.end());
      REQUIRE(parameter->reference.has_value());
      const auto* parent = call.integration().find_resource(parameter->reference->resource);
      auto query = lookup_query(call, *parent, {}, {});
      REQUIRE(query.has_value());
      const auto parents = co_await lookups.get(call, std::move(*query));
      REQUIRE(parents.has_value());
      for (const auto& record : (*parents)->records) {
        if (out.size() == 3) break;
        ScopeValues values;
        values.values.emplace_back(&scope, Named{*record.find("id"), "", ""});
        out.push_back(std::move(values));
      }
    }
    co_return out;
  }

  io::Task<> check(Call& call, const Argument& argument, const ScopeValues& scopes) {
    const auto& integration = call.integration();
    const Candidates candidates(call, *argument.reference, argument.name, scopes);
    auto query =
        lookup_query(call, *integration.find_resource(argument.reference->resource), scopes, {});
    REQUIRE(query.has_value());
    const auto all = co_await lookups.get(call, std::move(*query));
    REQUIRE(all.has_value());
    const auto& records = (*all)->records;
    // The first, some between and the last.
    const std::size_t step = std::max<std::size_t>(1, records.size() / 3);
    for (std::size_t i = 0; i < records.size(); i += step) {
      const auto& record = records[i];
      const auto id = *record.find("id")->as_int64();
      for (const auto& form : forms_of(record, candidates.rule(), argument, integration)) {
        ++forms;
        ReferenceLookup lookup(call, argument, scopes, true);
        const auto meant = co_await lookup.resolve(form.given);
        const bool same = meant && meant->id.as_int64() == id;
        // A name that several have, or one that is out of use, is refused with the id, where there
        // are not too many; and one in use is meant before one that is not.
        const auto told = meant ? std::string() : meant.error().message;
        const bool with_id =
            !form.has_id && (told.contains("(id " + std::to_string(id)) ||
                             told.contains("its id, " + std::to_string(id)) ||
                             (told.contains("could mean several") && told.contains(", …")));
        const bool by_another =
            meant && !form.has_id && !why_out_of_use(record, candidates.rule()).empty() &&
            equal_ignoring_case(meant->name, label_of(record, candidates.rule()));
        CHECK_MESSAGE((same || with_id || by_another),
                      call.tool.name << " " << argument.name << " " << json::to_string(form.given)
                                     << " of " << id << ": " << told);
        // What is out of use is taken by its id, and a write says so.
        const bool dead = !why_out_of_use(record, candidates.rule()).empty();
        CHECK_MESSAGE((lookup.notice().empty() || dead), lookup.notice());
      }
      const json::Object torn{{"id", id}, {"name", "Banana Zebra"}};
      ReferenceLookup lookup(call, argument, scopes, true);
      const auto meant = co_await lookup.resolve(said_by_object(torn, argument, integration));
      const auto told = meant ? std::string("taken") : meant.error().message;
      CHECK_MESSAGE(told.starts_with(argument.name + " says two things"),
                    call.tool.name << " " << argument.name << " of " << id << ": " << told);
    }
    if (!records.empty()) tried.insert(call.tool.name + '.' + argument.name);
  }

  io::Task<> run(const catalog::Tool& tool) {
    Call call(services, {lookups}, tool, context);
    for (const auto& argument : tool.method->arguments) {
      if (!argument.reference) continue;
      for (const auto& scopes : co_await scopes_of(call, *argument.reference)) {
        co_await check(call, argument, scopes);
      }
    }
  }
};

}  // namespace

TEST_CASE("each form that a record is printed in means it, for every reference of every tool") {
  World world;
  const TestDay clock;
  const CursorSealer cursors({Secret(std::string(32, 'k'))});
  RecentWrites recent_writes(clock, std::chrono::milliseconds(0));
  Services services{world.runtime, world.harness.sender(),
                    clock,         cursors,
                    recent_writes, Replaceable<GatewayOptions>(GatewayOptions())};
  Lookups lookups;
  Round round{services, lookups, world.harness.context, {}, 0};
  world.runtime.run(world.runtime.loop(0), [&]() -> io::Task<> {
    for (const auto& tool : shipped_tools()->tools()) co_await round.run(*tool);
  });
  MESSAGE(round.tried.size() << " references, " << round.forms << " forms");
  std::size_t references = 0;
  for (const auto& tool : shipped_tools()->tools()) {
    for (const auto& argument : tool->method->arguments) {
      if (!argument.reference) continue;
      ++references;
      CHECK_MESSAGE(round.tried.contains(tool->name + '.' + argument.name),
                    tool->name << ": there is no record for " << argument.name);
    }
  }
  CHECK(references > 100);
}

TEST_CASE("a name beside an id must agree with it, in whatever form they are given") {
  World world;
  const std::string create = "create_a_connect_wise_psa_ticket";
  const auto companies = world.direct("/company/companies?conditions=name=%22Acme%20Corp%22");
  const auto& acme = companies.if_array()->front();
  const auto id = std::to_string(acme.int64_or("id", 0));
  const auto quoted = [](const std::string& text) { return json::to_string(json::Value(text)); };
  const auto given = [&](const std::string& company) {
    return world.call(create, R"({"dry_run":true,"summary":"s","company":)" + company + '}');
  };
  for (const std::string& form : {R"({"id":)" + id + R"(,"name":"Acme Corp"})",
                                  R"({"id":)" + id + '}', std::string(R"({"name":"Acme Corp"})"),
                                  quoted("Acme Corp (id " + id + ')'), quoted(id), id}) {
    const auto answered = given(form);
    REQUIRE_MESSAGE(!answered.result.is_error, answered.result.text);
    const auto* body = answered.value.find("request")->find("body");
    CHECK(body->find("company")->int64_or("id", 0) == acme.int64_or("id", 0));
  }
  for (const std::string& form : {R"({"id":)" + id + R"(,"name":"Somebody Else"})",
                                  quoted("Somebody Else (id " + id + ')')}) {
    const auto answered = given(form);
    CHECK_MESSAGE(answered.error().contains(id + " is 'Acme Corp"), answered.result.text);
  }
  // An id that is none is told before anything is sent, as text and, in a dry run, as a number.
  for (const std::string form : {"999999", "\"999999\"", R"({"id":999999})"}) {
    const auto answered = given(form);
    CHECK_MESSAGE(answered.error().contains("company 999999 does not exist"), answered.result.text);
  }
}

TEST_CASE("a part of a name is taken where it can be one record only, and told") {
  World world;
  const auto answered = world.call("create_a_connect_wise_psa_ticket",
                                   R"({"dry_run":true,"summary":"s","company":"Acme Corp",
                                       "priority":"critical"})");
  REQUIRE_MESSAGE(!answered.result.is_error, answered.result.text);
  const auto notice = answered.value.string_or("notice", "");
  CHECK_MESSAGE(notice.contains("priority 'critical' was taken for 'Priority 1 - Critical' (id "),
                notice);
}

}  // namespace patchbay::gateway
