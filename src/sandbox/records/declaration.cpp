#include "sandbox/records/declaration.h"

#include "sandbox/records/database.h"

namespace patchbay::sandbox {

std::vector<Resource> all_resources() {
  std::vector<Resource> all;
  add_system_resources(all);
  add_finance_resources(all);
  add_company_resources(all);
  add_board_resources(all);
  add_ticket_resources(all);
  add_time_resources(all);
  add_sales_resources(all);
  add_accounting_resources(all);
  add_activity_resources(all);
  add_agreement_resources(all);
  add_configuration_resources(all);
  add_expense_resources(all);
  add_procurement_resources(all);
  add_project_resources(all);
  add_project_extra_resources(all);
  add_record_resources(all);
  add_schedule_resources(all);
  add_service_extra_resources(all);
  add_time_setup_resources(all);
  return all;
}

Resource resource(std::string name, std::string path, std::string type, std::string label,
                  std::string href, std::vector<Field> fields) {
  Resource made;
  made.name = std::move(name);
  made.path = std::move(path);
  made.type = std::move(type);
  made.label = std::move(label);
  made.href = std::move(href);
  made.fields = std::move(fields);
  append(made.fields, change_stamps());
  return made;
}

void append(std::vector<Field>& fields, std::vector<Field> more) {
  for (Field& field : more) fields.push_back(std::move(field));
}

Cell first_flagged(const Database& db, std::string_view table, std::string_view field) {
  const Table& of = db.table(table);
  for (const auto& [id, record] : of.records()) {
    if (bool_or(of.at(record, field), false)) return Reference{id};
  }
  return {};
}

Field id_of_parent(std::string name, std::string resource, std::string parent) {
  return integer(std::move(name))
      .is_read_only()
      .read_by([resource = std::move(resource), parent = std::move(parent)](const Database& db,
                                                                            const Record& record) {
        const std::int64_t id = reference_or(db.table(resource).at(record, parent), 0);
        return id == 0 ? Cell() : Cell(id);
      });
}

Cell first_of(const Database& db, std::string_view table) {
  const auto& records = db.table(table).records();
  if (records.empty()) return {};
  return Reference{records.begin()->first};
}

}  // namespace patchbay::sandbox
