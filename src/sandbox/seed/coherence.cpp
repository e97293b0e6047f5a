// What follows from the rest: how tickets stand with their service level agreement, when they were
// last touched, what blocks of hours hold. Runs last, over all that is there.
#include <algorithm>
#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "sandbox/modules/service/tickets_sla.h"
#include "sandbox/records/record_access.h"
#include "sandbox/seed/closing_parts.h"
#include "sandbox/seed/context.h"

namespace patchbay::sandbox {
namespace {

class Coherence {
 public:
  explicit Coherence(SeedContext& context) : db_(context.db), now_(context.options.now) {}

  void run() {
    limit_blocks();
    for (const std::string_view name : {"ticketNotes", "ticketAllNotes", "timeEntries"})
      keep_out_of_the_future(name);
    find_last_touches();
    settle_tickets();
  }

 private:
  template <class F>
  void change_all(std::string_view name, const F& change) {
    Table& table = db_.table(name);
    std::vector<Record> all;
    for (const auto& [id, record] : table.records()) all.push_back(record);
    for (Record& record : all) {
      change(table, record);
      table.put(std::move(record));
    }
  }

  // A block is so many hours: else nobody could say what is left of it.
  void limit_blocks() {
    change_all("agreements", [](const Table& table, Record& agreement) {
      if (reference_or(table.at(agreement, "type"), 0) != 2) return;
      table.at(agreement, "applicationUnits") = "Hours";
      table.at(agreement, "applicationLimit") = 20.0 + 10.0 * static_cast<double>(agreement.id % 3);
    });
  }

  // What was written up afterwards was not written after now.
  void keep_out_of_the_future(std::string_view name) {
    change_all(name, [this](const Table& table, Record& record) {
      for (const std::string_view field : {"dateEntered", "lastUpdated"}) {
        const auto column = table.find_column(field);
        auto* when = column ? std::get_if<Instant>(&record.cells[*column]) : nullptr;
        if (when != nullptr) *when = std::min(*when, now_);
      }
    });
  }

  void find_last_touches() {
    const auto look = [this](std::string_view name, std::string_view date) {
      const Table& table = db_.table(name);
      for (const auto& [id, record] : table.records()) {
        const auto* when = std::get_if<Instant>(&table.at(record, date));
        const std::int64_t ticket = reference_or(table.at(record, "ticket"), 0);
        if (when == nullptr || ticket == 0) continue;
        Instant& last = touched_.try_emplace(ticket, *when).first->second;
        last = std::max(last, *when);
      }
    };
    look("ticketNotes", "lastUpdated");
    look("timeEntries", "lastUpdated");
  }

  void settle_tickets() {
    const Table& statuses = db_.table("boardStatuses");
    change_all("tickets", [&](const Table& table, Record& ticket) {
      const auto touch = touched_.find(ticket.id);
      const auto* updated = std::get_if<Instant>(&table.at(ticket, "lastUpdated"));
      if (touch != touched_.end() && (updated == nullptr || *updated < touch->second)) {
        table.at(ticket, "lastUpdated") = std::min(touch->second, now_);
      }
      const Record* status = statuses.find(reference_or(table.at(ticket, "status"), 0));
      const std::string escalation =
          status == nullptr ? "" : text_or(statuses.at(*status, "escalationStatus"), "");
      const bool is_under_way =
          escalation == "Responded" || escalation == "ResolutionPlan" || escalation == "Resolved";
      if (is_under_way && is_null(table.at(ticket, "dateResponded"))) {
        table.at(ticket, "dateResponded") = table.at(ticket, "lastUpdated");
      }
      follow_sla(db_, table, ticket, now_);
    });
  }

  Database& db_;
  Instant now_;
  std::map<std::int64_t, Instant> touched_;
};

}  // namespace

void seed_coherence(SeedContext& context) {
  Coherence(context).run();
}

}  // namespace patchbay::sandbox
