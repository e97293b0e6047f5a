// A contact's communicationItems are also records of their own:
// /company/contacts/{}/communications.
#include "sandbox/modules/company/contacts_communications.h"

#include "sandbox/records/record_access.h"
#include "sandbox/records/rules.h"

namespace patchbay::sandbox {
namespace {

// Columns of a contact's communicationItems, as declared.
enum Column : std::size_t {
  id_column,
  type_column,
  value_column,
  extension_column,
  default_column,
  domain_column,
  kind_column
};

// The contact's items from the records.
void gather_communications(Database& db, std::int64_t contact) {
  Table& contacts = db.table("contacts");
  const Record* found = contacts.find(contact);
  if (found == nullptr) return;
  const Table& table = db.table("contactCommunications");
  Rows rows;
  for (const std::int64_t id : table.children_of(contact)) {
    const Record& one = *table.find(id);
    Row row;
    row.cells = {id,
                 table.at(one, "type"),
                 table.at(one, "value"),
                 table.at(one, "extension"),
                 table.at(one, "defaultFlag"),
                 table.at(one, "domain"),
                 table.at(one, "communicationType")};
    rows.push_back(std::move(row));
  }
  Record changed = *found;
  contacts.at(changed, "communicationItems") = std::move(rows);
  contacts.put(std::move(changed));
}

// One address, one telephone and one fax number of a contact is the default: what becomes it takes
// that from the one that was.
void take_default_from_others(Database& db, const Record& taker) {
  Table& table = db.table("contactCommunications");
  if (!bool_or(table.at(taker, "defaultFlag"), false)) return;
  const auto kind = text_or(table.at(taker, "communicationType"), "");
  for (const std::int64_t id : table.children_of(id_in(table, taker, "contact"))) {
    const Record& one = *table.find(id);
    if (id == taker.id || !bool_or(table.at(one, "defaultFlag"), false) ||
        text_or(table.at(one, "communicationType"), "") != kind) {
      continue;
    }
    Record changed = one;
    table.at(changed, "defaultFlag") = false;
    table.put(std::move(changed));
  }
}

// What the type says it is, unless that was said.
void fill_kind(const Database& db, const Table& table, Record& record) {
  const Table& types = *db.find_table("communicationTypes");
  const Record* type = types.find(id_in(table, record, "type"));
  if (type == nullptr || !is_null(table.at(record, "communicationType"))) return;
  const bool mail = bool_or(types.at(*type, "emailFlag"), false);
  const bool fax = bool_or(types.at(*type, "faxFlag"), false);
  table.at(record, "communicationType") = mail ? "Email" : fax ? "Fax" : "Phone";
}

void fill_communication(const WriteContext& context, Record& record) {
  const Table& table = context.table;
  if (context.db.table("communicationTypes").find(id_in(table, record, "type")) == nullptr) return;
  table.at(record, "communicationType") = Cell();
  fill_kind(context.db, table, record);
}

}  // namespace

void spread_communications(Database& db, std::int64_t contact) {
  Table& contacts = db.table("contacts");
  const Record* found = contacts.find(contact);
  if (found == nullptr) return;
  Table& table = db.table("contactCommunications");
  erase_children(db, "contactCommunications", contact);
  const auto* rows = std::get_if<Rows>(&contacts.at(*found, "communicationItems"));
  if (rows == nullptr) return;
  bool changed = false;
  for (const Row& row : *rows) {
    Record record = table.blank();
    record.id = int_or(row.cells[id_column], 0);
    if (record.id != 0 && table.find(record.id) != nullptr) record.id = 0;
    changed = changed || record.id == 0;
    table.at(record, "contact") = RecordReference{contact};
    table.at(record, "type") = row.cells[type_column];
    table.at(record, "value") = row.cells[value_column];
    table.at(record, "extension") = row.cells[extension_column];
    table.at(record, "defaultFlag") = bool_or(row.cells[default_column], false);
    table.at(record, "domain") = row.cells[domain_column];
    table.at(record, "communicationType") = row.cells[kind_column];
    const bool is_default = bool_or(row.cells[default_column], false);
    fill_kind(db, table, record);
    const Record& stored = table.insert(std::move(record));
    if (!is_default) continue;
    take_default_from_others(db, stored);
    changed = true;
  }
  // Items that came without an id have one now, and of each kind one is the default.
  if (changed) gather_communications(db, contact);
}

const Rules kCommunicationRules = {
    .fill = fill_communication,
    .stored =
        [](const WriteContext& context, const Record& record) {
          take_default_from_others(context.db, record);
          gather_communications(context.db, id_in(context.table, record, "contact"));
        },
    .deleted =
        [](Database& db, const Record& record) {
          gather_communications(db, id_in(db.table("contactCommunications"), record, "contact"));
        },
};

}  // namespace patchbay::sandbox
