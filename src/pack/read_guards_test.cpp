// What is looked at before a write is checked against what it names: nothing of it is dropped.
#include <doctest/doctest.h>

#include "pack/loader.h"

namespace patchbay::pack {
namespace {

// A resource of tasks with a list, and `lines` under its create method.
std::string problems_of(const std::string& lines, const std::string& more = "") {
  const LoadOutcome outcome = load_pack(
      {{"acme/integration.yaml",
        "name: acme\nbase_url: \"https://acme.example\"\n"
        "pagination: {filter_parameter: conditions, fields_parameter: fields}\n"
        "dialects: {filter: connectwise_conditions}\n"},
       {"acme/resources/tasks.yaml",
        "resource: tasks\npath: /tasks\n"
        "fields: {id: integer, name: string, total: number, made: date_time, open: boolean}\n" +
            more +
            "methods:\n"
            "  list: Tasks of all people.\n"
            "  create:\n"
            "    description: Adds a task.\n"
            "    body: [name, total]\n" +
            lines}});
  std::string told;
  for (const Problem& problem : outcome.problems) told += problem.message + '\n';
  return told;
}

}  // namespace

TEST_CASE("guards: what is whole loads, alone and as a list") {
  CHECK(problems_of("    duplicate_guard: {fields: [name], created: made, minutes: 10}\n") == "");
  CHECK(problems_of("    duplicate_guard:\n"
                    "      - {fields: [name], optional: [total]}\n"
                    "      - {compared: [name], changed: made, addresses_only: true}\n"
                    "    remarks: {given: total, when: {total: 0}, text: It is for nothing.}\n") ==
        "");
  CHECK(problems_of("    duplicate_guard: {fields: [name, total], or_empty: [total], optional: "
                    "[made], days: [made]}\n"
                    "    looks_at: {resource: tasks, ids: [total], told: [name]}\n"
                    "    remarks: {given: total, when: {total: 0}, foretold: {open: false}, text: "
                    "It is for nothing.}\n") == "");
  CHECK(problems_of("    duplicate_guard: {fields: [name], or_empty: [total]}\n")
            .contains("'total' is not compared"));
  CHECK(problems_of("    duplicate_guard: {fields: [name], days: [made]}\n")
            .contains("'made' is not compared"));
  CHECK(problems_of("    remarks: {when: {total: 0}, foretold: {open: false}, text: No.}\n")
            .contains("`foretold` needs `given`"));
  CHECK(problems_of("", "copies: {name: {total: total}}\n") == "");
  CHECK(problems_of(
            "",
            "inherits: {field: name, from: total, resource: tasks}\n"
            "stays: {field: name, resource: tasks, where: {total: id}, sums: {all: total}}\n") ==
        "");
  CHECK(
      problems_of(
          "    looks_at:\n"
          "      resource: tasks\n"
          "      ids: [total]\n"
          "      holds: {field: made, empty: true, unless: allow_made}\n"
          "      totals:\n"
          "        open: {of: tasks, resource: tasks, where: {total: id}, only: {open: true, made: "
          "null}, sums: {sum: total}}\n") == "");
  // A field that is inherited may say where the same would stand.
  CHECK(
      problems_of("    duplicate_guard: {resource: tasks, where: {name: made}, compared: [total], "
                  "at: {total: id}}\n",
                  "inherits: {field: made, from: total, resource: tasks}\n") == "");
}

TEST_CASE("guards: what names nothing is told") {
  CHECK(problems_of("    duplicate_guard: {fields: [nome]}\n").contains("no field 'nome'"));
  CHECK(problems_of("    duplicate_guard: {optional: [name]}\n").contains("needs `fields`"));
  CHECK(problems_of("    duplicate_guard: {resource: things, where: {name: name}}\n")
            .contains("no resource 'things'"));
  CHECK(problems_of("    overlap: {from: made, to: done, of: name}\n").contains("no field 'done'"));
  CHECK(problems_of("    looks_at: {resource: tasks, ids: [task]}\n")
            .contains("'task' is no argument"));
  CHECK(problems_of("    looks_at: {ids: [name]}\n").contains("looks_at: needs"));
  CHECK(problems_of("    distinct: [task]\n").contains("'task' is no argument"));
  CHECK(problems_of("    remarks: {text: Nothing.}\n").contains("remark: needs `when`"));
  CHECK(problems_of("", "copies: {name: {totals: total}}\n").contains("no field 'totals'"));
  CHECK(problems_of("", "inherits: {field: owner, from: total, resource: tasks}\n")
            .contains("no field 'owner'"));
  CHECK(problems_of("", "inherits: {field: name, from: total}\n").contains("inherits: needs"));
  CHECK(problems_of("", "stays: {field: nome, resource: tasks, where: {total: id}}\n")
            .contains("no field 'nome'"));
  CHECK(problems_of("", "stays: {field: name, resource: tasks}\n").contains("needs `where`"));
  CHECK(problems_of("    looks_at: {resource: tasks, ids: [name], totals: {open: {resource: tasks, "
                    "where: {totl: id}}}}\n")
            .contains("no field 'totl'"));
  CHECK(problems_of("    duplicate_guard: {compared: [name], at: {name: nome}}\n")
            .contains("no field 'nome'"));
  CHECK(problems_of("", "warnings: {field: name, resource: states, flag: f, text: t}\n")
            .contains("no resource 'states'"));
}

}  // namespace patchbay::pack
