// Composites as definitions: what is read of them, what is refused, and which servers have them.
#include <algorithm>
#include <fstream>
#include <iterator>

#include <doctest/doctest.h>

#include "catalog/tool.h"
#include "json/write.h"
#include "pack/loader.h"

namespace patchbay::pack {
namespace {

constexpr std::string_view kIntegration = R"(name: x
base_url: https://x.example
pagination: {style: page, order_parameter: sort, fields_parameter: fields, filter_parameter: where}
dialects: {filter: connectwise_conditions}
references:
  shelf: shelves
  bill: {resource: bills, match: [note], scope: {shelfId: shelf}}
)";

constexpr std::string_view kShelves = R"(resource: shelves
singular: shelf
tags: [stock]
path: /shelves
fields: {id: integer, name: string}
methods:
  list: {description: "Shelves of the whole store, as they stand.", default_fields: [id, name]}
  get: One shelf of the store with all of its fields.
)";

constexpr std::string_view kBills = R"(resource: bills
tags: [money]
path: /bills
fields: {id: integer, shelf: shelf, amount: number, paid: date_time, note: string}
methods:
  list:
    description: Bills for what stands on shelves, newest first.
    filters: {shelfId: shelf/id, paidBefore: "paid <"}
    default_fields: [id, amount]
  create: {description: Writes a bill for what stands on a shelf., body: [amount]}
)";

// A resource of composites alone. `composite` stands for a method's whole composite.
std::string with(std::string_view composite) {
  std::string text = R"(resource: reports
tags: [stock]
path: /reports
methods:
  summary:
    description: What stands on a shelf, and what it has cost so far.
    composite:
)";
  for (std::size_t at = 0; at < composite.size();) {
    const auto end = std::min(composite.find('\n', at), composite.size());
    text += "      " + std::string(composite.substr(at, end - at)) + "\n";
    at = end + 1;
  }
  return text;
}

LoadOutcome load(std::string_view composite) {
  return lint_pack({{"x/integration.yaml", std::string(kIntegration)},
                    {"x/resources/shelves.yaml", std::string(kShelves)},
                    {"x/resources/bills.yaml", std::string(kBills)},
                    {"x/resources/reports.yaml", with(composite)}});
}

// "line: message (fix)" of the reports' problems.
std::string problems_of(std::string_view composite) {
  std::string out;
  for (const Problem& problem : load(composite).problems) {
    if (!problem.file.ends_with("reports.yaml")) continue;
    out += std::to_string(problem.line) + ": " + problem.message + " (" + problem.fix + ")\n";
  }
  return out;
}

constexpr std::string_view kGood = R"(arguments:
  shelf: {type: shelf, required: true}
  days: {type: integer, minimum: 1, default: 30}
  since: {type: date_time, default: {days_ago: 30}}
steps:
  shelf: {call: shelves.get, with: {id: $shelf}}
  bills:
    call: bills.list
    optional: true
    with: {shelfId: $shelf.id, paidBefore: {days_ago: $days}}
    reduce:
      keep: {paid: {from: $since, or_missing: true}, note: {shorter_than: 10}}
      values: {bills: count, amount: sum amount, unpaid: {value: count, where: {paid: x}}}
      groups: {by_shelf: shelf, by_both: [shelf, paid]}
      order: amount
figures: {total: bills.amount + bills.bills, rest: total - bills.amount}
)";

std::shared_ptr<const catalog::ToolCatalog> catalog(std::string_view composite = kGood) {
  const auto outcome = load(composite);
  REQUIRE_MESSAGE(outcome.integration != nullptr, problems_of(composite));
  auto made = catalog::ToolCatalog::generate(outcome.integration);
  REQUIRE(made.has_value());
  return *made;
}

const catalog::Tool* offered(const std::shared_ptr<const catalog::Toolset>& toolset) {
  return toolset->find("x_reports_summary");
}

std::shared_ptr<const catalog::Toolset> select(const catalog::ToolFilter& filter) {
  auto toolset = catalog::Toolset::select(catalog(), filter);
  REQUIRE_MESSAGE(toolset.has_value(), (toolset ? "" : toolset.error().message));
  return *toolset;
}

}  // namespace

TEST_CASE("a composite is a custom tool that reads, with arguments of its own") {
  CHECK(problems_of(kGood).empty());
  const auto tools = catalog();
  const catalog::Tool* tool = tools->find("x_reports_summary");
  REQUIRE(tool != nullptr);
  CHECK(tool->method->annotations.read_only);
  CHECK_FALSE(tool->method->annotations.destructive);
  CHECK_FALSE(tool->method->writes());
  CHECK(json::to_string(tool->input_schema()) ==
        R"({"type":"object","properties":{"shelf":{"type":"string","description":"Name or id"},)"
        R"("days":{"type":"integer","minimum":1,"default":30},)"
        R"("since":{"type":"string"}},)"
        R"("required":["shelf"],"additionalProperties":false})");
  REQUIRE(tool->steps.size() == 2);
  CHECK(tool->steps[0]->name == "get_single_x_shelf_by_id");
  CHECK(tool->steps[1]->name == "list_all_x_bills");
  const auto& composite = *tool->method->composite;
  CHECK(composite.steps[1].with[0].second.from == integration::StepValue::From::record);
  CHECK(composite.steps[1].reduce->groups[1].second.size() == 2);
  CHECK(composite.figures[1].terms[1].negative);
}

TEST_CASE("what is wrong with a composite is told with its line and a fix") {
  const auto says = [](std::string_view composite, std::string_view expected) {
    const auto problems = problems_of(composite);
    CHECK_MESSAGE(problems.contains(expected), problems);
  };
  says("steps: {}", "8: method 'summary': a composite has steps");
  says("steps:\n  a: {call: shelve.list}",
       "9: step 'a': there is no resource 'shelve' (did you mean shelves?)");
  says("steps:\n  a: {call: shelves.lst}",
       "9: step 'a': shelves have no method 'lst' (did you mean list");
  says("steps:\n  a: {call: bills.create}",
       "9: step 'a': a step is a list or a get, not 'create' (composites only read");
  says("steps:\n  a: {call: reports.summary}", "a step is a list or a get, not 'summary'");
  says("steps:\n  a:\n    call: bills.list\n    with: {shelf: 1}",
       "11: step 'a': bills.list has no argument 'shelf' (did you mean shelfId?)");
  says("steps:\n  a: {call: bills.list, with: {shelfId: many}}", "step 'a': shelfId: ");
  says("steps:\n  a: {call: shelves.get}", "step 'a': shelves.get needs 'id' (give it under");
  says("steps:\n  a: {call: shelves.get, with: {id: $shelf}}",
       "9: step 'a': id: 'shelf' is no argument of this composite");
  says("arguments: {shelf: shelf}\nsteps:\n  a: {call: shelves.list}",
       "no step takes the argument 'shelf' (give it to one as $shelf");
  // Steps that wait for each other: one of them is always the earlier.
  says(
      "steps:\n  a: {call: shelves.get, with: {id: $b.id}}\n"
      "  b: {call: shelves.get, with: {id: $a.id}}",
      "9: step 'a': id: there is no earlier step 'b'");
  says("steps:\n  a: {call: shelves.list}\n  b: {call: shelves.get, with: {id: $a.id}}",
       "10: step 'b': id: step 'a' gives no single record");
  says(
      "steps:\n  a: {call: shelves.get, with: {id: 1}}\n"
      "  b: {call: bills.list, with: {shelfId: $a.nam}}",
      "shelves have no field 'nam' (did you mean name?)");
  says("steps:\n  a: {call: shelves.get, with: {id: 1}, reduce: {values: {n: count}}}",
       "only a list can be reduced");
  says("steps:\n  a: {call: bills.list, reduce: {values: {n: sum amunt}}}",
       "bills have no field 'amunt' (did you mean amount?)");
  says("steps:\n  a: {call: bills.list, reduce: {values: {n: average amount}}}",
       "cannot read 'average amount' (write count, sum FIELD");
  says("steps:\n  a: {call: bills.list, reduce: {values: {n: sum paid}}}",
       "'paid' is of another type");
  says("steps:\n  a: {call: bills.list, reduce: {values: {n: count}, order: m}}",
       "order 'm' is no value");
  says("steps:\n  a: {call: bills.list, reduce: {}}", "has neither `values` nor `records`");
  says("steps:\n  a: {call: bills.list, reduce: {read_at_most: 9999, values: {n: count}}}",
       "read_at_most must be 1 to 5000");
  says("steps:\n  a: {call: bills.list, with: {limit: 5}, reduce: {values: {n: count}}}",
       "'limit' is decided by `reduce`");
  says(
      "steps:\n  a: {call: bills.list, reduce: {keep: {note: {longer_than: 3}},"
      " values: {n: count}}}",
      "unknown key 'longer_than'");
  says("steps:\n  a: {call: bills.list}\nfigures: {f: a.n + a.m}", "figure 'f': cannot read 'a.n'");
  says("steps:\n  a: {call: bills.list, reduce: {values: {n: count}}}\nfigures: {f: a.n +}",
       "figure 'f' ends too early");
  says("steps:\n  a: {call: bills.list}\nspan: [since, until]",
       "span: two arguments that are times");
  says("steps:\n  a: {call: bills.list}\ncount_when: {step: a, otherwise: x, holds: {paid: y}}",
       "count_when: step 'a' gives no single record");
  says(
      "steps:\n  a: {call: shelves.get, with: {id: 1}}\n"
      "count_when: {step: a, counted: [b], otherwise: x, holds: {nam: y}}",
      "count_when: there is no step 'b'");
  says(
      "steps:\n  a: {call: bills.list, reduce: {keep: {paid: {before_field: pad}},"
      " values: {n: count}}}",
      "bills have no field 'pad'");
  says("steps:\n  notice: {call: bills.list}", "the answer has a member of that name already");
  says("arguments: {bill: bill}\nsteps:\n  a: {call: bills.list, with: {shelfId: $bill}}",
       "'bill' is looked up within 'shelf', which is no argument (add it");
  says(
      "arguments: {n: {type: integer, minimum: 1, default: 0}}\n"
      "steps:\n  a: {call: bills.list, with: {shelfId: $n}}",
      "argument 'n': its default ");
  says(
      "arguments: {n: {type: integer, default: $n}}\n"
      "steps:\n  a: {call: bills.list, with: {shelfId: $n}}",
      "a default is a constant or {days_ago: n}");
  says("stepz: {}\nsteps:\n  a: {call: shelves.list}", "unknown key 'stepz'");
}

TEST_CASE("the composite of the authoring guide loads") {
  std::ifstream stream(PATCHBAY_SOURCE_DIR "/docs/authoring-integrations.md", std::ios::binary);
  const std::string guide((std::istreambuf_iterator<char>(stream)),
                          std::istreambuf_iterator<char>());
  const auto begin = guide.find("```yaml\nmargin:\n");
  REQUIRE(begin != std::string::npos);
  const auto start = guide.find('\n', begin) + 1;
  std::string contracts = R"(resource: contracts
path: /contracts
fields: {id: integer, name: string, amount: number, company: company}
methods:
  list: Contracts with companies.
  get: One contract with all of its fields.
)";
  std::string_view rest = std::string_view(guide).substr(start, guide.find("```", start) - start);
  while (!rest.empty()) {
    const auto end = rest.find('\n') + 1;
    contracts += "  " + std::string(rest.substr(0, end));
    rest.remove_prefix(end);
  }
  const auto outcome = load_pack(
      {{"x/integration.yaml",
        "name: x\nbase_url: https://x.example\npagination: {fields_parameter: fields, "
        "filter_parameter: where}\n"
        "dialects: {filter: connectwise_conditions}\n"
        "references: {contract: contracts, company: {fields: {id: integer}},"
        " member: {fields: {id: integer}}}\n"},
       {"x/resources/contracts.yaml", contracts},
       {"x/resources/work_entries.yaml",
        "resource: work_entries\npath: /work\n"
        "fields: {hours: number, rate: string, at: date_time, contract: contract,"
        " company: company, member: member}\n"
        "methods:\n  list:\n    description: What was worked.\n"
        "    filters: {contractId: contract/id, companyId: company/id, startedAfter: at >=}\n"}});
  for (const Problem& problem : outcome.problems) {
    CHECK_MESSAGE(problem.warning, problem.file << ':' << problem.line << ' ' << problem.message);
  }
  CHECK(outcome.integration != nullptr);
}

TEST_CASE("a composite has no request, and needs a description like any tool") {
  const auto text = with("steps:\n  a: {call: shelves.list}");
  const auto told = [&](std::string_view from, std::string_view to) {
    auto changed = text;
    changed.replace(changed.find(from), from.size(), to);
    std::string out;
    const auto outcome = lint_pack({{"x/integration.yaml", std::string(kIntegration)},
                                    {"x/resources/shelves.yaml", std::string(kShelves)},
                                    {"x/resources/bills.yaml", std::string(kBills)},
                                    {"x/resources/reports.yaml", changed}});
    for (const Problem& problem : outcome.problems) out += problem.message + "\n";
    return out;
  };
  CHECK(told("    composite:", "    path: /x\n    composite:").contains("unknown key 'path'"));
  CHECK(told("    description: What stands on a shelf, and what it has cost so far.\n", "")
            .contains("method 'summary' has no description, so it makes no tool"));
  CHECK(told("  summary:", "  list:").contains("a composite cannot be a list"));
}

TEST_CASE("a composite that writes has the arguments of a write, and the marks of one") {
  constexpr std::string_view kWriting =
      "writes: true\narguments: {amount: number, which: string}\nsteps:\n"
      "  found: {call: shelves.list}\n"
      "  bill: {call: bills.create, given: [amount], with: {amount: $amount}}\n"
      "  other: {call: bills.create, with: {amount: {one_of: found, named: $which}}}";
  const auto outcome = load(kWriting);
  REQUIRE_MESSAGE(outcome.integration != nullptr, problems_of(kWriting));
  const auto* method = outcome.integration->find_resource("reports")->find_method("summary");
  REQUIRE(method != nullptr);
  CHECK(method->writes());
  CHECK_FALSE(method->annotations.read_only);
  CHECK_FALSE(method->annotations.destructive);
  for (const char* name : {"dry_run", "idempotency_key", "allow_duplicate"}) {
    CHECK(std::ranges::find(method->arguments, name, &integration::Argument::name) !=
          method->arguments.end());
  }
}

TEST_CASE("what is wrong with working hours, and with a call for each, is told") {
  const auto says = [](std::string_view composite, std::string_view expected) {
    const auto problems = problems_of(composite);
    CHECK_MESSAGE(problems.contains(expected), problems);
  };
  says("steps:\n  a: {call: shelves.list, each: {x: b.id}}",
       "each: an argument of a step with `reduce`");
  says("steps:\n  a: {call: shelves.list, reduce: {}, shown: false, each: {x: b.id}}",
       "'b' is no step with `reduce`");
  says("steps:\n  a: {call: shelves.list}\nwork_time: {name: w, people: a}",
       "'a' is no step with `reduce`");
  says(
      "steps:\n  a: {call: shelves.list, reduce: {}, shown: false}\n"
      "work_time: {name: w, people: a}",
      "of which span is not said");
  says(
      "steps:\n  a: {call: shelves.list, reduce: {}, shown: false}\n"
      "work_time: {name: w, people: a, given: [x]}",
      "has no `calendars`");
  says(
      "steps:\n  a: {call: shelves.list, reduce: {}, shown: false}\n"
      "work_time: {name: w, people: a, given: [x]}",
      "given: 'x' is no argument");
  says(
      "steps:\n  a: {call: shelves.list, reduce: {}, shown: false}\nwork_time:\n"
      "  {name: w, people: a, calendars: {step: a, from: start, until: end}}",
      "'start' names no day");
  says("arguments: {n: {type: number, several: true}}\nsteps:\n  a: {call: shelves.list}",
       "several: it names no records");
}

TEST_CASE("what is wrong with a composite that writes is told") {
  const auto says = [](std::string_view composite, std::string_view expected) {
    const auto problems = problems_of(composite);
    CHECK_MESSAGE(problems.contains(expected), problems);
  };
  says("writes: true\nsteps:\n  a: {call: shelves.list}", "writes: none of its steps does");
  says("writes: true\nsteps:\n  a: {call: reports.summary}",
       "a step is a list, a get, a create or an update, not 'summary'");
  says("writes: true\nsteps:\n  a: {call: bills.create, given: [sum]}",
       "given: 'sum' is no argument of this composite");
  says(
      "writes: true\narguments: {n: number}\nsteps:\n  a: {call: shelves.list, given: [n]}\n"
      "  b: {call: bills.create, with: {amount: $n}}",
      "`given` is for the steps that write here");
  says(
      "writes: true\narguments: {n: string}\nsteps:\n"
      "  a: {call: bills.create, with: {amount: {one_of: b, named: $n}}}",
      "one_of: 'b' is no earlier step that lists");
  says(
      "writes: true\narguments: {n: string}\nsteps:\n  b: {call: shelves.list}\n"
      "  a: {call: bills.create, with: {amount: {one_of: b, named: $n, otherwise: $n}}}",
      "otherwise: a record says which");
}

TEST_CASE("a server's filter holds for what a composite calls") {
  CHECK(offered(select({}))->steps[1] != nullptr);
  // Lists and gets alone: a composite is a custom method.
  CHECK(offered(select({{"read"}, {}})) == nullptr);
  // Custom methods without lists and gets: it would read by surprise.
  CHECK(offered(select({{"custom", "create"}, {}})) == nullptr);
  CHECK(offered(select({{"custom", "read"}, {}}))->steps[1] != nullptr);
  // Named, it is meant, with what it calls.
  const auto named = select({{"summary"}, {}});
  CHECK(named->tools().size() == 1);
  CHECK(offered(named)->steps[1] != nullptr);
}

TEST_CASE("a composite does without an optional step that is out of a server's tags") {
  const auto stock = select({{}, {"stock"}});
  const catalog::Tool* tool = offered(stock);
  REQUIRE(tool != nullptr);
  CHECK(tool->steps[0] != nullptr);
  CHECK(tool->steps[1] == nullptr);
  // The catalog's own tool is as it was.
  CHECK(stock->catalog().find("x_reports_summary")->steps[1] != nullptr);
  CHECK(stock->listing()->contains("x_reports_summary"));
  // Its own tags do not match.
  CHECK(offered(select({{}, {"money"}})) == nullptr);
}

TEST_CASE("a composite whose needed step is out of a server's tags is not offered") {
  std::string strict(kGood);
  strict.replace(strict.find("    optional: true\n"), std::string("    optional: true\n").size(),
                 "");
  const auto stock = catalog::Toolset::select(catalog(strict), {{}, {"stock"}});
  REQUIRE(stock.has_value());
  CHECK(offered(*stock) == nullptr);
  const auto both = catalog::Toolset::select(catalog(strict), {{}, {"stock", "money"}});
  CHECK(offered(*both) != nullptr);
}

TEST_CASE("the shipped composites keep to the tags of what they read") {
  const auto outcome = load_pack(embedded_pack("connectwise_psa"));
  REQUIRE(outcome.integration != nullptr);
  const auto tools = catalog::ToolCatalog::generate(outcome.integration);
  REQUIRE(tools.has_value());
  // A narrowed composite lives as long as the toolset that narrowed it.
  std::vector<std::shared_ptr<const catalog::Toolset>> toolsets;
  const auto in = [&](const catalog::ToolFilter& filter, std::string_view name) {
    const auto toolset = catalog::Toolset::select(*tools, filter);
    REQUIRE(toolset.has_value());
    toolsets.push_back(*toolset);
    return toolsets.back()->find(name);
  };
  const catalog::Tool* brief = in({{}, {"support"}}, "connect_wise_psa_tickets_brief");
  REQUIRE(brief != nullptr);
  for (std::size_t i = 0; i < brief->steps.size(); ++i) {
    // Time is not support's.
    const bool is_time = brief->method->composite->steps[i].name == "time";
    CHECK((brief->steps[i] == nullptr) == is_time);
  }
  CHECK(in({{}, {"support"}}, "connect_wise_psa_time_entries_unbilled") == nullptr);
  CHECK(in({{}, {"support"}}, "connect_wise_psa_agreements_margin") == nullptr);
  CHECK(in({{}, {"system"}}, "connect_wise_psa_boards_workload") == nullptr);
  CHECK(in({{}, {"dispatch"}}, "connect_wise_psa_boards_workload") != nullptr);
  const catalog::Tool* margin = in({{}, {"finance"}}, "connect_wise_psa_agreements_margin");
  REQUIRE(margin != nullptr);
  CHECK(margin->steps[2] == nullptr);
  CHECK(in({{}, {"billing"}}, "connect_wise_psa_agreements_margin")->steps[2] != nullptr);
  // Closing a ticket needs no time; a default of the board is not asked for where boards are not.
  const catalog::Tool* close = in({{}, {"support"}}, "connect_wise_psa_tickets_close");
  REQUIRE(close != nullptr);
  for (std::size_t i = 0; i < close->steps.size(); ++i) {
    const bool is_time = close->method->composite->steps[i].name == "time";
    CHECK((close->steps[i] == nullptr) == is_time);
  }
  CHECK(in({{"read"}, {}}, "connect_wise_psa_tickets_close") == nullptr);
  CHECK(in({{}, {"desk"}}, "connect_wise_psa_tickets_close") != nullptr);
  // What is denied is no step either, whatever names the composite.
  const catalog::Tool* without =
      in({.deny = {"list_all_connect_wise_psa_time_entries"}}, "connect_wise_psa_tickets_brief");
  REQUIRE(without != nullptr);
  for (std::size_t i = 0; i < without->steps.size(); ++i) {
    const bool is_time = without->method->composite->steps[i].name == "time";
    CHECK((without->steps[i] == nullptr) == is_time);
  }
  for (const catalog::ToolFilter& named :
       {catalog::ToolFilter{.methods = {"unbilled"}, .tags = {}, .allow = {}, .deny = {}},
        catalog::ToolFilter{
            .methods = {},
            .tags = {},
            .allow = {"connect_wise_psa_time_entries_unbilled", "list_all_connect_wise_psa_boards"},
            .deny = {}}}) {
    CHECK(in(named, "connect_wise_psa_time_entries_unbilled") != nullptr);
    catalog::ToolFilter denied = named;
    denied.methods.clear();
    denied.deny = {"list_all_connect_wise_psa_time_entries"};
    CHECK(in(denied, "connect_wise_psa_time_entries_unbilled") == nullptr);
  }
  CHECK(in({{"read"}, {}}, "connect_wise_psa_tickets_stale") == nullptr);
  CHECK(in({{"stale"}, {}}, "connect_wise_psa_tickets_stale") != nullptr);
}

}  // namespace patchbay::pack
