// What the API does with projects, their phases and their teams beyond the fields.
#include "sandbox/modules/project/projects_rules.h"

#include <fmt/core.h>

#include "sandbox/records/record_access.h"
#include "sandbox/records/rules.h"

namespace patchbay::sandbox {
namespace {

void fill_project(const WriteContext& context, Record& project) {
  const Table& table = context.table;
  const Cell company = table.at(project, "company");
  fill_if_null(table, project, "billToCompany", company);
  fill_if_null(table, project, "shipToCompany", company);
  const Table& boards = context.db.table("boards");
  if (const Record* board = boards.find(id_in(table, project, "board"))) {
    fill_if_null(table, project, "location", boards.at(*board, "location"));
    fill_if_null(table, project, "department", boards.at(*board, "department"));
  }
  const Table& companies = context.db.table("companies");
  if (const Record* of = companies.find(reference_or(company, 0))) {
    fill_if_null(table, project, "site", companies.at(*of, "site"));
    fill_if_null(table, project, "contact", companies.at(*of, "defaultContact"));
  }
}

void check_project(const WriteContext& context, const Record& project,
                   std::vector<InvalidField>& errors) {
  const auto* start = std::get_if<Instant>(&context.table.at(project, "estimatedStart"));
  const auto* end = std::get_if<Instant>(&context.table.at(project, "estimatedEnd"));
  if (start != nullptr && end != nullptr && *end < *start) {
    errors.push_back({"OutOfRange", "estimatedEnd must not be before estimatedStart.", "project",
                      "estimatedEnd"});
  }
}

void fill_phase(const WriteContext& context, Record& phase) {
  const Table& table = context.table;
  const std::int64_t project = id_in(table, phase, "project");
  const Table& projects = context.db.table("projects");
  if (const Record* of = projects.find(project)) {
    fill_if_null(table, phase, "board", projects.at(*of, "board"));
    fill_if_null(table, phase, "billingMethod", projects.at(*of, "billingMethod"));
  }
  if (context.before != nullptr) return;
  fill_if_null(table, phase, "wbsCode", std::to_string(table.children_of(project).size() + 1));
}

}  // namespace

const Rules kProjectRules = {
    .fill = fill_project,
    .check = check_project,
    .refuses_delete = [](const Database& db, const Record& project) -> std::optional<ApiError> {
      const Table& tickets = db.table("projectTickets");
      for (const auto& [id, ticket] : tickets.records()) {
        if (id_in(tickets, ticket, "project") != project.id) continue;
        return invalid_object("project",
                              {{"InvalidOperation", "A project that has tickets cannot be deleted.",
                                "project", "id"}});
      }
      return std::nullopt;
    },
    .deleted =
        [](Database& db, const Record& project) {
          erase_children(db, "projectPhases", project.id);
          erase_children(db, "projectNotes", project.id);
          erase_children(db, "projectTeamMembers", project.id);
        },
};

const Rules kPhaseRules = {
    .fill = fill_phase,
};

const Rules kProjectTeamMemberRules = {
    .fill =
        [](const WriteContext& context, Record& one) {
          const Table& table = context.table;
          const Table& members = context.db.table("members");
          if (const Record* member = members.find(id_in(table, one, "member"))) {
            fill_if_null(table, one, "workRole", members.at(*member, "workRole"));
          }
        },
    .check =
        [](const WriteContext& context, const Record& one, std::vector<InvalidField>& errors) {
          const Table& table = context.table;
          for (const std::int64_t id : table.children_of(id_in(table, one, "project"))) {
            const Record& other = *table.find(id);
            if (id == one.id || id_in(table, other, "member") != id_in(table, one, "member") ||
                id_in(table, other, "projectRole") != id_in(table, one, "projectRole")) {
              continue;
            }
            errors.push_back({"ObjectExists", "The member has this role in the project already.",
                              "projectTeamMember", "member"});
            return;
          }
        },
};

}  // namespace patchbay::sandbox
