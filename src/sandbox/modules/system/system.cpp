#include "sandbox/modules/system/system.h"

#include "sandbox/modules/system/audit_trail.h"
#include "sandbox/modules/system/callbacks.h"
#include "sandbox/modules/system/documents.h"
#include "sandbox/modules/system/info.h"
#include "sandbox/modules/system/locations.h"
#include "sandbox/modules/system/members.h"
#include "sandbox/modules/system/my_account.h"
#include "sandbox/modules/system/reports.h"
#include "sandbox/modules/system/skills.h"
#include "sandbox/modules/system/standard_notes.h"

namespace patchbay::sandbox {

ApiModule system_module() {
  ApiModule made;
  made.resources = {member_resources(),       location_resources(),    document_resources(),
                    callback_resources(),     audit_trail_resources(), skill_resources(),
                    standard_note_resources()};
  add_info_endpoints(made.endpoints);
  add_report_endpoints(made.endpoints);
  add_document_endpoints(made.endpoints);
  add_account_endpoints(made.endpoints);
  add_audit_endpoints(made.endpoints);
  return made;
}

}  // namespace patchbay::sandbox
