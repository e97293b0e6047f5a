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

Cell fallback_of(const Database& db, const FieldSpec& field) {
  switch (field.fallback.from) {
    case Fallback::From::nothing:
      break;
    case Fallback::From::boolean:
      return field.fallback.boolean;
    case Fallback::From::integer:
      return field.fallback.integer;
    case Fallback::From::decimal:
      return field.fallback.decimal;
    case Fallback::From::text:
      return std::string(field.fallback.text);
    case Fallback::From::first_record: {
      const auto& records = db.table(field.target).records();
      return records.empty() ? Cell() : Cell(RecordReference{records.begin()->first});
    }
    case Fallback::From::default_record:
      return first_flagged(db, field.target, "defaultFlag");
  }
  return {};
}

Record with_fallbacks(const Database& db, const Table& table) {
  Record record = table.blank();
  for (std::size_t i = 0; i < table.fields().size(); ++i) {
    record.cells[i] = fallback_of(db, table.fields()[i]);
  }
  return record;
}

Cell first_flagged(const Database& db, std::string_view table, std::string_view field) {
  const Table& of = db.table(table);
  for (const auto& [id, record] : of.records()) {
    if (bool_or(of.at(record, field), false)) return RecordReference{id};
  }
  return {};
}

std::string object_name(const ResourceSpec& resource) {
  std::string name(resource.type);
  if (!name.empty()) name[0] = static_cast<char>(name[0] | 0x20);
  return name;
}

}  // namespace patchbay::sandbox
