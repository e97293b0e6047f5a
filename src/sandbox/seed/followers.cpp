// What those who follow changes left behind: a callback, and the audit trail of the last month.
#include <chrono>
#include <string>

#include "sandbox/followers/audit_trail.h"
#include "sandbox/seed/context.h"
#include "sandbox/seed/parts.h"

namespace patchbay::sandbox {
namespace {

using std::chrono::days;

class Callback {
 public:
  explicit Callback(SeedContext& context)
      : context_(context), db_(context.db), now_(context.options.now) {}

  void run() { add_callback(); }

 private:
  // One that somebody left behind.
  void add_callback() {
    Draft(db_, "callbacks")
        .set("description", "Old monitoring connector")
        .set("url", "http://127.0.0.1:9/psa")
        .set("objectId", std::int64_t{1})
        .set("type", "ticket")
        .set("level", "owner")
        .set("memberId", context_.member("srivera").id)
        .set("inactiveFlag", true)
        .entered(now_ - days(400), "zadmin")
        .insert();
  }

  SeedContext& context_;
  Database& db_;
  Instant now_;
};

class AuditTrail {
 public:
  explicit AuditTrail(SeedContext& context) : db_(context.db), now_(context.options.now) {}

  void run() { audit_recent_tickets(); }

 private:
  // Who opened and closed the tickets of the last month.
  void audit_recent_tickets() {
    const Table& tickets = db_.table("tickets");
    for (const auto& [id, ticket] : tickets.records()) {
      const Instant entered = instant_or(tickets.at(ticket, "dateEntered"), now_);
      if (now_ - entered > days(30)) continue;
      write_audit_entry(db_, "Ticket", id, entered, text_or(tickets.at(ticket, "enteredBy"), ""),
                        "The record has been created.", "UI");
      const auto* closed = std::get_if<Instant>(&tickets.at(ticket, "closedDate"));
      if (closed == nullptr) continue;
      write_audit_entry(db_, "Ticket", id, *closed, text_or(tickets.at(ticket, "closedBy"), ""),
                        "status has been changed from \"In Progress\" to \"" +
                            text_or(db_.read(tickets, ticket, "status/name"), "") + "\".",
                        "UI");
    }
  }

  Database& db_;
  Instant now_;
};

}  // namespace

void seed_callback(SeedContext& context) {
  Callback(context).run();
}

void seed_audit_trail(SeedContext& context) {
  AuditTrail(context).run();
}

}  // namespace patchbay::sandbox
