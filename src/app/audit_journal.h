// The journal of a server, with what its environments say of it and what is counted of it.
#pragma once

#include <memory>

#include "app/foundations.h"
#include "audit/journal.h"
#include "base/clock.h"
#include "base/error.h"
#include "telemetry/log.h"
#include "telemetry/metrics.h"

namespace patchbay::app {

// Errors: unavailable.
Result<std::shared_ptr<audit::Journal>> open_journal(const Foundations& foundations,
                                                     const Clock& clock,
                                                     audit::JournalOptions options);

// Both outlive the journal.
audit::JournalReports journal_reports(telemetry::Metrics& metrics, const telemetry::Log& log);

}  // namespace patchbay::app
