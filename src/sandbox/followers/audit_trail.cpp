#include "sandbox/followers/audit_trail.h"

#include <algorithm>
#include <variant>

#include <fmt/core.h>

#include "base/text.h"
#include "sandbox/records/record_access.h"

namespace patchbay::sandbox {
namespace {

struct Audited {
  std::string_view type;
  std::string_view table;  // empty: nothing of the kind here
};

// The types of the API's document. Of one table the first is the one that entries carry.
constexpr Audited kAudited[] = {
    {"Ticket", "tickets"},
    {"ProjectTicket", "projectTickets"},
    {"Contact", "contacts"},
    {"Company", "companies"},
    {"Opportunity", "opportunities"},
    {"Time", "timeEntries"},
    {"Activity", "activities"},
    {"ProductCatalog", "catalogItems"},
    {"Configuration", "configurations"},
    {"Schedule", "scheduleEntries"},
    {"Agreement", "agreements"},
    {"AgreementAddition", "additions"},
    {"Project", "projects"},
    {"Invoice", "invoices"},
    {"PurchaseOrder", "purchaseOrders"},
    {"PurchaseOrderLineItem", "purchaseOrderLines"},
    {"Expense", "expenseEntries"},
    {"ProductItem", "products"},
    {"Member", "members"},
    {"Site", "companySites"},
    {"None", ""},
    {"Purchasing", ""},
    {"Survey", ""},
};

// Long texts are told by their beginning.
constexpr std::size_t kMaxShown = 100;

std::string name_of(const Database& db, const FieldSpec& field, std::int64_t id) {
  const Table* target = db.find_table(field.target);
  const Record* record = target == nullptr ? nullptr : target->find(id);
  if (record == nullptr) return std::to_string(id);
  for (const std::string_view name : {"name", "summary", "identifier", "description"}) {
    const auto column = target->find_column(name);
    if (!column) continue;
    Cell scratch;
    const std::string shown = text_or(target->read(db, *record, *column, scratch), "");
    if (!shown.empty()) return shown;
  }
  return std::to_string(id);
}

// Nothing for what cannot be told in a line.
std::optional<std::string> shown(const Database& db, const FieldSpec& field, const Cell& cell) {
  if (is_null(cell)) return "";
  if (const auto* text = std::get_if<std::string>(&cell)) return text->substr(0, kMaxShown);
  if (const auto* flag = std::get_if<bool>(&cell)) return *flag ? "True" : "False";
  if (const auto* number = std::get_if<std::int64_t>(&cell)) return std::to_string(*number);
  if (const auto* number = std::get_if<double>(&cell)) return to_text(*number);
  if (const auto* instant = std::get_if<Instant>(&cell)) return to_text(*instant);
  if (const auto* reference = std::get_if<RecordReference>(&cell)) {
    return name_of(db, field, reference->id);
  }
  return std::nullopt;
}

void write_differences(Database& db, const RecordChange& change, std::string_view type,
                       Instant when, std::string_view who) {
  const Table& table = *change.table;
  for (std::size_t i = 0; i < table.fields().size(); ++i) {
    const FieldSpec& field = table.fields()[i];
    if (field.in_info || field.hidden || field.input_only || !field.is_stored()) {
      continue;
    }
    const auto before = shown(db, field, change.before->cells[i]);
    const auto after = shown(db, field, change.after->cells[i]);
    if (!before || !after) continue;
    if (*before == *after) continue;
    write_audit_entry(
        db, type, change.id, when, who,
        fmt::format("{} has been changed from \"{}\" to \"{}\".", field.name, *before, *after),
        "API");
  }
}

}  // namespace

std::optional<std::string_view> audited_table(std::string_view type) {
  for (const Audited& one : kAudited) {
    if (equal_ignoring_case(one.type, type)) return one.table;
  }
  return std::nullopt;
}

void write_audit_trail(Database& db, const RecordChange& change, Instant when,
                       std::int64_t member) {
  const auto audited = std::ranges::find(kAudited, change.table->resource().name, &Audited::table);
  if (audited == std::end(kAudited)) return;
  const std::string who = member_identifier(db, member);
  switch (change.action) {
    case RecordChange::Action::added:
      write_audit_entry(db, audited->type, change.id, when, who, "The record has been created.",
                        "API");
      break;
    case RecordChange::Action::updated:
      write_differences(db, change, audited->type, when, who);
      break;
    case RecordChange::Action::deleted:
      break;  // its trail goes with it: an unknown id is refused
  }
}

void write_audit_entry(Database& db, std::string_view type, std::int64_t record, Instant when,
                       std::string_view who, std::string_view text, std::string_view source) {
  Table& trail = db.table("auditTrail");
  Record entry = trail.blank();
  trail.at(entry, "recordType") = std::string(type);
  trail.at(entry, "recordId") = record;
  trail.at(entry, "text") = std::string(text);
  trail.at(entry, "enteredDate") = when;
  trail.at(entry, "enteredBy") = std::string(who);
  trail.at(entry, "auditType") = std::string(type);
  trail.at(entry, "auditSubType") = "Record";
  trail.at(entry, "auditSource") = std::string(source);
  trail.insert(std::move(entry));
}

}  // namespace patchbay::sandbox
