#include "sandbox/modules/service/service.h"

#include "sandbox/modules/service/boards.h"
#include "sandbox/modules/service/knowledge_base.h"
#include "sandbox/modules/service/priorities.h"
#include "sandbox/modules/service/surveys.h"
#include "sandbox/modules/service/templates.h"
#include "sandbox/modules/service/tickets.h"
#include "sandbox/modules/service/tickets_copies.h"
#include "sandbox/modules/service/tickets_links.h"
#include "sandbox/modules/service/tickets_merge.h"
#include "sandbox/modules/service/tickets_notes.h"
#include "sandbox/modules/service/tickets_search.h"

namespace patchbay::sandbox {

ApiModule service_module() {
  ApiModule made;
  made.resources = {board_resources(),       priority_resources(),
                    ticket_resources(),      ticket_note_resources(),
                    ticket_link_resources(), knowledge_base_resources(),
                    survey_resources(),      service_template_resources()};
  add_team_endpoints(made.endpoints);
  add_ticket_link_endpoints(made.endpoints, "service/tickets/{}/", "tickets");
  add_ticket_configuration_endpoints(made.endpoints);
  add_merge_endpoints(made.endpoints);
  add_ticket_copy_endpoints(made.endpoints);
  add_ticket_search_endpoints(made.endpoints);
  return made;
}

}  // namespace patchbay::sandbox
