// The journal of a server, with what its environments say of it and what is counted of it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/foundations.h"
#include "audit/change.h"
#include "audit/journal.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/mutex.h"
#include "store/records.h"
#include "telemetry/log.h"
#include "telemetry/metrics.h"

namespace patchbay::app {

// Errors: unavailable.
Result<std::shared_ptr<audit::Journal>> open_journal(const Foundations& foundations,
                                                     const Clock& clock,
                                                     audit::JournalOptions options);

// What expires, as events; also what had expired before there was a journal.
class ExpiryNotes {
 public:
  void add(const store::McpServerRow& row, WallTime now) PATCHBAY_EXCLUDES(mutex_);
  void write_to(std::shared_ptr<audit::Journal> journal) PATCHBAY_EXCLUDES(mutex_);

 private:
  Mutex mutex_;
  std::shared_ptr<audit::Journal> journal_ PATCHBAY_GUARDED_BY(mutex_);
  std::vector<audit::Event> waiting_ PATCHBAY_GUARDED_BY(mutex_);
};

// An API token that no request asked for. `program`: as who makes it is called.
audit::Change token_made_by(std::string program);

// Both outlive the journal.
audit::JournalReports journal_reports(telemetry::Metrics& metrics, const telemetry::Log& log);

}  // namespace patchbay::app
