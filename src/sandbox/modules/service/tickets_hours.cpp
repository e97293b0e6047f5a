// A ticket's hours.
#include "sandbox/modules/service/tickets_hours.h"

#include "sandbox/records/record_access.h"
#include "sandbox/records/rules.h"

namespace patchbay::sandbox {

void sum_up_ticket(Database& db, std::int64_t ticket) {
  Table& tickets = db.table("tickets");
  const Record* record = tickets.find(ticket);
  if (record == nullptr) return;
  const Table& entries = db.table("timeEntries");
  const std::size_t of_ticket = entries.column("ticket");
  const std::size_t hours = entries.column("actualHours");
  double sum = 0;
  for (const auto& [id, entry] : entries.records()) {
    if (reference_or(entry.cells[of_ticket], 0) == ticket) sum += double_or(entry.cells[hours], 0);
  }
  Record changed = *record;
  tickets.at(changed, "actualHours") = to_cents(sum);
  tickets.put(std::move(changed));
}

}  // namespace patchbay::sandbox
