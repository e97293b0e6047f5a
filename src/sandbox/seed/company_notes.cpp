// What is known of companies and contacts.
#include <chrono>

#include "sandbox/seed/context.h"
#include "sandbox/seed/parts.h"

namespace patchbay::sandbox {
namespace {

using std::chrono::days;

class CompanyNotes {
 public:
  explicit CompanyNotes(SeedContext& context, Random& random)
      : context_(context), db_(context.db), random_(random), now_(context.options.now) {}

  void run() { add_notes(); }

 private:
  void add_notes() {
    static constexpr const char* kCompany[] = {
        "Prefers calls before ten in the morning.",
        "Invoices go to the accountant, not to the office.",
        "Asked for a yearly security review with a written report.",
        "Building is closed on Friday afternoons; key at the reception."};
    for (const SeededCompany& company : context_.companies) {
      const Instant when = now_ - days(random_.between(5, 300));
      Draft(db_, "companyNotes")
          .refer("company", company.id)
          .refer("type", 1)
          .set("text", random_.pick(kCompany))
          .set("flagged", random_.chance(20))
          .set("enteredBy", "lmorgan")
          .entered(when, "lmorgan")
          .insert();
      Draft(db_, "contactNotes")
          .refer("contact", company.contacts.front())
          .refer("type", 1)
          .set("text", "Decides on purchases up to 5,000; above that the owner signs.")
          .set("enteredBy", "lmorgan")
          .entered(when, "lmorgan")
          .insert();
    }
  }

  SeedContext& context_;
  Database& db_;
  Random& random_;
  Instant now_;
};

}  // namespace

void seed_company_notes(SeedContext& context, Random& random) {
  CompanyNotes(context, random).run();
}

}  // namespace patchbay::sandbox
