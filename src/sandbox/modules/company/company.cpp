#include "sandbox/modules/company/company.h"

#include "sandbox/modules/company/companies.h"
#include "sandbox/modules/company/configurations.h"
#include "sandbox/modules/company/contacts.h"
#include "sandbox/modules/company/states.h"
#include "sandbox/modules/company/teams.h"

namespace patchbay::sandbox {

ApiModule company_module() {
  ApiModule made;
  made.resources = {company_resources(), contact_resources(), configuration_resources(),
                    company_team_resources(), state_resources()};
  return made;
}

}  // namespace patchbay::sandbox
