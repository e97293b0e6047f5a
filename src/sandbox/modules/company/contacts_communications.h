// A contact's communicationItems are also records of their own:
// /company/contacts/{}/communications.
#pragma once

#include <cstdint>

#include "sandbox/records/resource.h"

namespace patchbay::sandbox {

// Makes the records anew from the contact's items.
void spread_communications(Database& db, std::int64_t contact);

extern const Rules kCommunicationRules;

}  // namespace patchbay::sandbox
