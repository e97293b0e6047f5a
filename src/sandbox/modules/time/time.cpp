#include "sandbox/modules/time/time.h"

#include "sandbox/modules/time/entries.h"
#include "sandbox/modules/time/periods.h"
#include "sandbox/modules/time/sheets.h"
#include "sandbox/modules/time/sheets_approval.h"
#include "sandbox/modules/time/work_types.h"

namespace patchbay::sandbox {

ApiModule time_module() {
  ApiModule made;
  made.resources = {time_entry_resources(), time_sheet_resources(), work_type_resources(),
                    time_period_resources()};
  add_approval_endpoints(made.endpoints, {"time/sheets", "timeSheets", "timeEntries", "timeSheet"});
  return made;
}

}  // namespace patchbay::sandbox
