// What customers said of their tickets, what is written again and again, and what was put on
// agreements or lies in the warehouse.
#include <chrono>
#include <string>
#include <vector>

#include "sandbox/records/record_access.h"
#include "sandbox/seed/closing_parts.h"
#include "sandbox/seed/context.h"

namespace patchbay::sandbox {
namespace {

using std::chrono::days;
using std::chrono::hours;

class Surveys {
 public:
  explicit Surveys(SeedContext& context)
      : context_(context), db_(context.db), now_(context.options.now) {}

  void run() {
    add_survey();
    add_standard_notes();
    add_templates();
    add_adjustments();
    add_inventory();
  }

 private:
  Draft draft(std::string_view table) {
    Draft made(db_, table);
    made.entered(now_ - days(900), "zadmin");
    return made;
  }

  // Every third ticket that was closed in the last two months.
  void add_survey() {
    const std::int64_t survey =
        draft("surveys")
            .set("name", "How did we do?")
            .set("headerText", "Please tell us how your request was handled.")
            .set("thankYouText", "Thank you!")
            .insert();
    static constexpr const char* kSaid[] = {"Quick and friendly.", "It took too long to hear back.",
                                            "", "Solved at the first call."};
    const Table& tickets = db_.table("tickets");
    std::int64_t turn = 0;
    for (const auto& [id, ticket] : tickets.records()) {
      const auto* closed = std::get_if<Instant>(&tickets.at(ticket, "closedDate"));
      if (closed == nullptr || *closed < now_ - days(60) || *closed > now_ - hours(4)) continue;
      if (id % 3 != 0) continue;
      const std::int64_t at = turn++ % std::ssize(kSaid);
      Draft result(db_, "surveyResults");
      result.refer("survey", survey)
          .refer("contact", reference_or(tickets.at(ticket, "contact"), 0))
          .refer("company", reference_or(tickets.at(ticket, "company"), 0))
          .set("ticketId", id)
          .set("totalPoints", at == 1 ? std::int64_t{4} : std::int64_t{9})
          .set("contactMeFlag", at == 1)
          .entered(*closed + hours(3), "zadmin");
      if (*kSaid[at] != '\0') result.set("footerResponse", kSaid[at]);
      result.insert();
    }
  }

  void add_standard_notes() {
    struct Note {
      const char* name;
      const char* contents;
    };
    static constexpr Note kNotes[] = {
        {"First response",
         "Thank you for writing. We are looking into it and will call you today."},
        {"Waiting for customer", "We tried to reach you. Please tell us when you have time."},
        {"Closing", "This is solved as far as we know. Answer this note to open it again."}};
    for (const Note& note : kNotes) {
      draft("standardNotes")
          .set("name", note.name)
          .set("contents", note.contents)
          .refer("location", 1)
          .refer("department", 1)
          .insert();
    }
  }

  void add_templates() {
    struct Template {
      const char* name;
      const char* summary;
      const char* problem;
      double hours;
    };
    static constexpr Template kTemplates[] = {
        {"New employee", "Set up a new employee", "Account, mailbox, laptop, phone and keys.", 3},
        {"Leaving employee", "Block an employee who leaves", "Sign-in, mailbox, devices.", 1.5},
        {"Monthly maintenance", "Monthly server maintenance", "Patches, backups, disk space.", 2}};
    const SeededBoard& board = context_.boards.front();
    for (const Template& made : kTemplates) {
      draft("serviceTemplates")
          .set("name", made.name)
          .set("summary", made.summary)
          .set("problem", made.problem)
          .set("hoursBudget", made.hours)
          .refer("board", board.id)
          .refer("status", board.new_status)
          .refer("priority", 3)
          .set("severity", "Medium")
          .set("impact", "Low")
          .insert();
    }
  }

  // Hours that were added to blocks, or given back.
  void add_adjustments() {
    const Table& agreements = db_.table("agreements");
    std::vector<std::int64_t> blocks;
    for (const auto& [id, agreement] : agreements.records()) {
      if (reference_or(agreements.at(agreement, "type"), 0) == 2) blocks.push_back(id);
    }
    for (const std::int64_t id : blocks) {
      draft("agreementAdjustments")
          .refer("agreement", id)
          .set("amount", 10.0)
          .set("description", "Ten hours bought on top")
          .set("effectiveDate", Instant(std::chrono::floor<days>(now_) - days(45)))
          .insert();
      draft("agreementAdjustments")
          .refer("agreement", id)
          .set("amount", -1.5)
          .set("description", "Time of a repeated visit, taken back")
          .set("effectiveDate", Instant(std::chrono::floor<days>(now_) - days(20)))
          .insert();
    }
  }

  void add_inventory() {
    const Table& items = db_.table("catalogItems");
    std::vector<std::int64_t> stocked;
    for (const auto& [id, item] : items.records()) {
      const auto* kind = std::get_if<std::string>(&items.at(item, "productClass"));
      if (kind != nullptr && (*kind == "Inventory" || *kind == "NonInventory"))
        stocked.push_back(id);
    }
    for (const std::int64_t id : stocked) {
      draft("inventory")
          .refer("catalogItem", id)
          .refer("warehouse", 1)
          .set("onHand", id % 9)
          .insert();
    }
  }

  SeedContext& context_;
  Database& db_;
  Instant now_;
};

}  // namespace

void seed_surveys(SeedContext& context) {
  Surveys(context).run();
}

}  // namespace patchbay::sandbox
