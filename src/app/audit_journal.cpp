#include "app/audit_journal.h"

#include <utility>

#include "store/each_row.h"

namespace patchbay::app {

Result<std::shared_ptr<audit::Journal>> open_journal(const Foundations& foundations,
                                                     const Clock& clock,
                                                     audit::JournalOptions options) {
  auto journal = std::make_shared<audit::Journal>(*foundations.repository, foundations.vault, clock,
                                                  std::move(options));
  auto read = store::each_row<store::EnvironmentRow>(
      *foundations.repository, [&](const store::EnvironmentRow& row) -> Result<> {
        const auto settings = audit::read_settings(row.audit);
        if (settings) journal->learn(row.id, settings->arguments);
        return {};
      });
  if (!read) return std::unexpected(std::move(read.error()));
  return journal;
}

void ExpiryNotes::add(const store::McpServerRow& row, WallTime now) {
  audit::Event event =
      audit::event_of({.environment_id = row.environment_id,
                       .account_id = row.account_id,
                       .server_id = row.id,
                       .operation = "expire",
                       .target = "/integrated-account/" + row.account_id + "/mcp/" + row.id});
  event.at = now;
  const MutexLock lock(mutex_);
  if (journal_) {
    journal_->note(std::move(event), {});
  } else {
    waiting_.push_back(std::move(event));
  }
}

void ExpiryNotes::write_to(std::shared_ptr<audit::Journal> journal) {
  const MutexLock lock(mutex_);
  journal_ = std::move(journal);
  for (audit::Event& event : waiting_) journal_->note(std::move(event), {});
  waiting_.clear();
}

audit::Change token_made_by(std::string program) {
  return {.client = std::move(program), .operation = "createApiToken", .target = "/api-token"};
}

audit::JournalReports journal_reports(telemetry::Metrics& metrics, const telemetry::Log& log) {
  auto& events = metrics.counter("patchbay_audit_events_total",
                                 "Events that were written: beginnings and ends of writes, reads, "
                                 "changes.");
  auto& dropped =
      metrics.counter("patchbay_audit_events_dropped_total",
                      "Events of reads, or ends of writes, that were lost: the database "
                      "was away for too long, or refused them.");
  auto& seconds =
      metrics.histogram("patchbay_audit_batch_seconds", "How long a transaction of events took.",
                        telemetry::kDurations);
  return {.wrote =
              [&events, &seconds](std::size_t count, std::chrono::microseconds took) {
                events.add(count);
                seconds.observe(took.count());
              },
          .dropped = [&dropped](std::size_t count) { dropped.add(count); },
          .failed =
              [&log](std::string_view problem) {
                log.write(telemetry::Level::error,
                          "The audit log cannot be written: writes are refused, reads wait to be "
                          "recorded.",
                          {{"reason", problem}});
              }};
}

}  // namespace patchbay::app
