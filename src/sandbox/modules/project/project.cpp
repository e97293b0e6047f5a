#include "sandbox/modules/project/project.h"

#include "sandbox/modules/project/projects.h"
#include "sandbox/modules/project/projects_phases.h"
#include "sandbox/modules/project/tickets.h"
#include "sandbox/modules/project/tickets_all_notes.h"
#include "sandbox/modules/project/tickets_conversion.h"
#include "sandbox/modules/service/tickets_links.h"

namespace patchbay::sandbox {

ApiModule project_module() {
  ApiModule made;
  made.resources = {project_resources(), project_phase_resources(), project_ticket_resources(),
                    project_ticket_all_notes_resources()};
  add_project_ticket_endpoints(made.endpoints);
  add_ticket_conversion_endpoint(made.endpoints);
  add_ticket_link_endpoints(made.endpoints, "project/tickets/{}/", "projectTickets");
  return made;
}

}  // namespace patchbay::sandbox
