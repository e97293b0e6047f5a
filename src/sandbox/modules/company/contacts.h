// Contacts, their notes and their communications: /company/contacts.
#pragma once

#include <span>

#include "sandbox/records/resource.h"

namespace patchbay::sandbox {

std::span<const ResourceSpec> contact_resources();

}  // namespace patchbay::sandbox
