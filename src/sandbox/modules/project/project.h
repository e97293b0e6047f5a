// Projects, their phases and tickets: /project.
#pragma once

#include "sandbox/operations/api_module.h"

namespace patchbay::sandbox {

ApiModule project_module();

}  // namespace patchbay::sandbox
