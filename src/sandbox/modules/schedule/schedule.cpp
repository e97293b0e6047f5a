#include "sandbox/modules/schedule/schedule.h"

#include "sandbox/modules/schedule/entries.h"
#include "sandbox/modules/schedule/holidays.h"

namespace patchbay::sandbox {

ApiModule schedule_module() {
  ApiModule made;
  made.resources = {schedule_entry_resources(), holiday_resources()};
  return made;
}

}  // namespace patchbay::sandbox
