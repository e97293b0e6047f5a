// What hangs on projects and their tickets: team members, tasks, all notes. /project.
#include "sandbox/records/database.h"
#include "sandbox/records/declaration.h"
#include "sandbox/records/record_access.h"

namespace patchbay::sandbox {
namespace {

// Seen through references only: the API has no path for them.
Resource project_roles() {
  Resource made = resource("projectRoles", "project/projectRoles", "ProjectRole", "Project role",
                           "", {text("identifier").is_required(), text("name").is_hidden()});
  made.reference_form = {{"id", "id"}, {"identifier", "identifier"}};
  made.methods = kUnserved;
  return made;
}

Resource project_team_members() {
  Resource made =
      resource("projectTeamMembers", "project/projects/{project}/teamMembers", "ProjectTeamMember",
               "Project team member", "",
               {reference("project", "projects").is_hidden(),
                id_of_parent("projectId", "projectTeamMembers", "project"),
                decimal("hours").or_else(0.0), reference("member", "members").is_required(),
                reference("projectRole", "projectRoles").is_required(),
                reference("workRole", "workRoles"), date_time("startDate"), date_time("endDate")});
  made.rules = project_team_member_rules();
  return made;
}

Resource project_ticket_tasks() {
  return resource("projectTicketTasks", "project/tickets/{ticket}/tasks", "TicketTask", "Task",
                  "task",
                  {reference("ticket", "projectTickets").is_hidden(),
                   id_of_parent("ticketId", "projectTicketTasks", "ticket"), text("notes"),
                   boolean("closedFlag").or_else(false), integer("priority"),
                   reference("member", "members"), text("resolution"), text("summary"),
                   choice("childScheduleAction", {"Transfer", "Delete", "Done"}),
                   integer("childTicketId").is_read_only()});
}

// Notes and time of a ticket in one list, put together whenever it is asked for:
// special_project_tickets.cpp.
Resource project_ticket_all_notes() {
  Resource made;
  made.name = "projectTicketAllNotes";
  made.path = "project/tickets/{ticket}/allNotes";
  made.type = "ProjectTicketNote";
  made.label = "Ticket Note";
  made.methods = kUnserved;
  made.fields = {
      choice("noteType", {"TicketNote", "TimeEntryNote", "MeetingNote"}).not_filterable(),
      reference("ticket", "projectTickets"),
      text("text"),
      boolean("detailDescriptionFlag").or_else(false),
      boolean("internalAnalysisFlag").or_else(false),
      boolean("resolutionFlag").or_else(false),
      date_time("timeStart"),
      date_time("timeEnd"),
      boolean("bundledFlag").or_else(false),
      boolean("mergedFlag").or_else(false),
      boolean("issueFlag").or_else(false),
      text("originalAuthor"),
      reference("member", "members"),
      reference("contact", "contacts")};
  append(made.fields, change_stamps());
  return made;
}

}  // namespace

void add_project_extra_resources(std::vector<Resource>& out) {
  out.push_back(project_roles());
  out.push_back(project_team_members());
  out.push_back(project_ticket_tasks());
  out.push_back(project_ticket_all_notes());
}

}  // namespace patchbay::sandbox
