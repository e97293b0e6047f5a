// A record under construction: `Draft(db, "boards").set("name", "Triage").insert()`.
#pragma once

#include <cstdint>
#include <string_view>

#include "sandbox/records/cell.h"
#include "sandbox/records/database.h"

namespace patchbay::sandbox {

// Begins with what its fields fall back to.
class Draft {
 public:
  Draft(Database& db, std::string_view table);
  Draft& id(std::int64_t id);
  Draft& set(std::string_view field, Cell value);
  Draft& refer(std::string_view field, std::int64_t id);  // 0: leave it null
  // dateEntered and lastUpdated, enteredBy and updatedBy.
  Draft& entered(Instant when, std::string_view by);
  Draft& updated(Instant when, std::string_view by);
  const Record& record() const { return record_; }
  Record& record() { return record_; }
  const Table& table() const { return table_; }
  std::int64_t insert();

 private:
  Table& table_;
  Record record_;
};

}  // namespace patchbay::sandbox
