#include "sandbox/modules/marketing/marketing.h"

#include "sandbox/modules/marketing/campaigns.h"

namespace patchbay::sandbox {

ApiModule marketing_module() {
  ApiModule made;
  made.resources = {campaign_resources()};
  return made;
}

}  // namespace patchbay::sandbox
