// Agreements and their additions: what adds up, and what stands on them beside the sums.
#pragma once

#include "sandbox/records/resource.h"

namespace patchbay::sandbox {

extern const Rules kAgreementRules;
extern const Rules kAdditionRules;

void price_addition(const Database& db, const Table& additions, Record& addition);
// Who gets the bill, where and from when, where nobody said otherwise.
void complete_agreement(const Database& db, const Table& agreements, Record& agreement);

}  // namespace patchbay::sandbox
