// How expenses are paid.
#include <chrono>
#include <vector>

#include "sandbox/seed/context.h"
#include "sandbox/seed/parts.h"

namespace patchbay::sandbox {
namespace {

class PaymentTypes {
 public:
  explicit PaymentTypes(SeedContext& context)
      : context_(context), db_(context.db), now_(context.options.now) {}

  void run() { add_payment_types(); }

 private:
  void add_payment_types() {
    context_.setup("expenseClassifications", "Personal")
        .set("employeeFlag", true)
        .set("defaultFlag", true)
        .insert();
    context_.setup("expenseClassifications", "Company").set("companyFlag", true).insert();
    context_.setup("paymentTypes", "Cash")
        .refer("classification", 1)
        .set("defaultFlag", true)
        .insert();
    context_.setup("paymentTypes", "Personal card").refer("classification", 1).insert();
    context_.setup("paymentTypes", "Company card")
        .refer("classification", 2)
        .set("companyFlag", true)
        .insert();
    Table& entries = db_.table("expenseEntries");
    std::vector<Record> all;
    for (const auto& [id, entry] : entries.records()) all.push_back(entry);
    for (Record& entry : all) {
      const std::int64_t type = 1 + entry.id % 3;
      entries.at(entry, "paymentMethod") = RecordReference{type};
      entries.at(entry, "classification") = RecordReference{type == 3 ? 2 : 1};
      entries.put(std::move(entry));
    }
  }

  SeedContext& context_;
  Database& db_;
  Instant now_;
};

}  // namespace

void seed_payment_types(SeedContext& context) {
  PaymentTypes(context).run();
}

}  // namespace patchbay::sandbox
