// What stands on agreements, invoices and products beside the sums: who gets them, where, from
// whom.
#include "sandbox/records/record_access.h"

namespace patchbay::sandbox {
namespace {

// The lines of a site's address, into "<prefix>AddressLine1" and so on.
void write_address(const Database& db, const Table& table, Record& record,
                   const std::string& prefix) {
  const Table& sites = db.table("companySites");
  const Record* site = sites.find(id_in(table, record, prefix));
  if (site == nullptr) return;
  for (const auto& [name, from] :
       {std::pair("AddressLine1", "addressLine1"), std::pair("AddressLine2", "addressLine2"),
        std::pair("City", "city"), std::pair("Zip", "zip"), std::pair("Country", "country/name")}) {
    fill_if_null(table, record, prefix + name, db.read(sites, *site, from));
  }
}

}  // namespace

void complete_agreement(const Database& db, const Table& table, Record& agreement) {
  for (const auto& [field, from] :
       {std::pair("billToCompany", "company"), std::pair("shipToCompany", "company"),
        std::pair("billToContact", "contact"), std::pair("billToSite", "site"),
        std::pair("shipToSite", "site"), std::pair("billStartDate", "startDate"),
        std::pair("companyLocation", "location")}) {
    fill_if_null(table, agreement, field, table.at(agreement, from));
  }
  fill_if_null(table, agreement, "applicationCycle", "CalendarMonth");
  const Table& companies = db.table("companies");
  if (const Record* company = companies.find(id_in(table, agreement, "company"))) {
    fill_if_null(table, agreement, "taxCode", companies.at(*company, "taxCode"));
  }
}

void complete_invoice(const Database& db, const Table& table, Record& invoice) {
  fill_if_null(table, invoice, "departmentId", std::int64_t{1});
  fill_if_null(table, invoice, "locationId", std::int64_t{1});
  fill_if_null(table, invoice, "shippingSite", table.at(invoice, "billingSite"));
  write_address(db, table, invoice, "billingSite");
  write_address(db, table, invoice, "shippingSite");
  const Table& companies = db.table("companies");
  if (const Record* company = companies.find(id_in(table, invoice, "company"))) {
    fill_if_null(table, invoice, "accountNumber", companies.at(*company, "accountNumber"));
    fill_if_null(table, invoice, "territory", companies.at(*company, "territory"));
    fill_if_null(table, invoice, "attention", db.read(companies, *company, "billingContact/name"));
  }
  const std::int64_t territory = id_in(table, invoice, "territory");
  if (territory != 0) fill_if_null(table, invoice, "territoryId", territory);
  for (const auto& [field, from] :
       {std::pair("department", "departmentId"), std::pair("location", "locationId")}) {
    fill_if_null(table, invoice, field, Reference{int_or(table.at(invoice, from), 0)});
  }
}

void complete_product(const Table& table, Record& product) {
  fill_if_null(table, product, "sequenceNumber", static_cast<double>(product.id));
  fill_if_null(table, product, "businessUnitId", std::int64_t{3});
  fill_if_null(table, product, "businessUnit",
               Reference{int_or(table.at(product, "businessUnitId"), 0)});
}

void mirror_unposted(Database& db, std::int64_t invoice) {
  Table& unposted = db.table("unpostedInvoices");
  Record record = unposted.blank();
  for (const Field& field : unposted.fields()) unposted.at(record, field.name) = field.fallback;
  record.id = invoice;
  unposted.at(record, "invoice") = Reference{invoice};
  unposted.at(record, "billingLogId") = 30'000 + invoice;
  unposted.put(std::move(record));
}

}  // namespace patchbay::sandbox
