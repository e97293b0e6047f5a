#include "sandbox/records/record_access.h"

#include <cmath>

namespace patchbay::sandbox {

std::int64_t id_in(const Table& table, const Record& record, std::string_view field) {
  return reference_or(table.at(record, field), 0);
}

double number_in(const Table& table, const Record& record, std::string_view field) {
  return double_or(table.at(record, field), 0);
}

void fill_if_null(const Table& table, Record& record, std::string_view field, const Cell& value) {
  if (is_null(table.at(record, field))) table.at(record, field) = value;
}

double to_cents(double amount) {
  return std::round(amount * 100) / 100;
}

std::string member_identifier(const Database& db, std::int64_t member) {
  const Table& members = db.table("members");
  const Record* record = members.find(member);
  return record == nullptr ? "" : text_or(members.at(*record, "identifier"), "");
}

void erase_children(Database& db, std::string_view table, std::int64_t parent) {
  Table& children = db.table(table);
  const std::set<std::int64_t> ids = children.children_of(parent);
  for (const std::int64_t id : ids) children.erase(id);
}

std::int64_t default_child(const Table& children, std::int64_t parent) {
  for (const std::int64_t id : children.children_of(parent)) {
    if (bool_or(children.at(*children.find(id), "defaultFlag"), false)) return id;
  }
  return 0;
}

}  // namespace patchbay::sandbox
