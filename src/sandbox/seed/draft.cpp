#include "sandbox/seed/draft.h"

#include <string>
#include <utility>

#include "sandbox/records/record_access.h"

namespace patchbay::sandbox {

Draft::Draft(Database& db, std::string_view table)
    : table_(db.table(table)), record_(with_fallbacks(db, table_)) {}

Draft& Draft::id(std::int64_t id) {
  record_.id = id;
  return *this;
}

Draft& Draft::set(std::string_view field, Cell value) {
  table_.at(record_, field) = std::move(value);
  return *this;
}

Draft& Draft::refer(std::string_view field, std::int64_t id) {
  table_.at(record_, field) = id == 0 ? Cell() : Cell(RecordReference{id});
  return *this;
}

Draft& Draft::entered(Instant when, std::string_view by) {
  set("dateEntered", when);
  set("enteredBy", std::string(by));
  return updated(when, by);
}

Draft& Draft::updated(Instant when, std::string_view by) {
  set("lastUpdated", when);
  return set("updatedBy", std::string(by));
}

std::int64_t Draft::insert() {
  return table_.insert(std::move(record_)).id;
}

}  // namespace patchbay::sandbox
