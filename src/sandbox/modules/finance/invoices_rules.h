// Invoices and their payments. Totals are what time, expenses, products and the agreement add up
// to.
#pragma once

#include <cstdint>

#include "sandbox/records/resource.h"

namespace patchbay::sandbox {

extern const Rules kInvoiceRules;
extern const Rules kPaymentRules;

void total_invoice(const Database& db, const Table& invoices, Record& invoice);
void total_invoice(Database& db, std::int64_t invoice);
// Addresses, account and territory, where nobody said otherwise.
void complete_invoice(const Database& db, const Table& invoices, Record& invoice);
// Every invoice is also among the unposted ones.
void mirror_unposted(Database& db, std::int64_t invoice);

}  // namespace patchbay::sandbox
