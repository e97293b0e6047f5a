// Agreements and their additions: what adds up, and what stands on them beside the sums.
#include "sandbox/modules/finance/agreements_rules.h"

#include <chrono>
#include <string>
#include <utility>

#include "sandbox/records/record_access.h"
#include "sandbox/records/rules.h"

namespace patchbay::sandbox {
namespace {

void fill_agreement(const WriteContext& context, Record& agreement) {
  const Table& table = context.table;
  fill_if_null(table, agreement, "startDate", std::chrono::floor<std::chrono::days>(context.now));
  if (context.before == nullptr) complete_agreement(context.db, table, agreement);
  if (is_null(table.at(agreement, "endDate"))) table.at(agreement, "noEndingDateFlag") = true;
  const bool cancelled = bool_or(table.at(agreement, "cancelledFlag"), false);
  const auto* end = std::get_if<Instant>(&table.at(agreement, "endDate"));
  const bool expired = end != nullptr && *end < context.now;
  if (cancelled) fill_if_null(table, agreement, "dateCancelled", context.now);
  if (!context.was_given("agreementStatus")) {
    table.at(agreement, "agreementStatus") = cancelled ? "Cancelled"
                                             : expired ? "Expired"
                                                       : "Active";
  }
}

void fill_addition(const WriteContext& context, Record& addition) {
  const Table& table = context.table;
  fill_if_null(table, addition, "effectiveDate",
               std::chrono::floor<std::chrono::days>(context.now));
  const Table& catalog = context.db.table("catalogItems");
  if (const Record* item = catalog.find(id_in(table, addition, "product"))) {
    fill_if_null(table, addition, "unitPrice", catalog.at(*item, "price"));
    fill_if_null(table, addition, "unitCost", catalog.at(*item, "cost"));
    fill_if_null(table, addition, "description", catalog.at(*item, "description"));
    fill_if_null(table, addition, "invoiceDescription", catalog.at(*item, "customerDescription"));
  }
  table.at(addition, "agreementStatus") =
      is_null(table.at(addition, "cancelledDate")) ? "Active" : "Cancelled";
  price_addition(context.db, table, addition);
}

}  // namespace

void price_addition(const Database&, const Table& table, Record& addition) {
  const double billed = std::max(
      0.0, number_in(table, addition, "quantity") - number_in(table, addition, "lessIncluded"));
  const double price = to_cents(billed * number_in(table, addition, "unitPrice"));
  const double cost =
      to_cents(number_in(table, addition, "quantity") * number_in(table, addition, "unitCost"));
  table.at(addition, "billedQuantity") = billed;
  table.at(addition, "extPrice") = price;
  table.at(addition, "extCost") = cost;
  table.at(addition, "margin") = to_cents(price - cost);
}

const Rules kAgreementRules = {
    .fill = fill_agreement,
    .check =
        [](const WriteContext& context, const Record& agreement,
           std::vector<InvalidField>& errors) {
          const auto* start = std::get_if<Instant>(&context.table.at(agreement, "startDate"));
          const auto* end = std::get_if<Instant>(&context.table.at(agreement, "endDate"));
          if (start != nullptr && end != nullptr && *end < *start) {
            errors.push_back(
                {"OutOfRange", "endDate must not be before startDate.", "agreement", "endDate"});
          }
        },
    .deleted = [](Database& db,
                  const Record& agreement) { erase_children(db, "additions", agreement.id); },
};

const Rules kAdditionRules = {
    .fill = fill_addition,
};

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

}  // namespace patchbay::sandbox
