#include "app/audit_log.h"

#include <memory>
#include <span>
#include <utility>

#include "app/database.h"
#include "app/master_keys.h"
#include "audit/export.h"
#include "audit/log.h"
#include "base/text.h"
#include "control/open_vault.h"

namespace patchbay::app {
namespace {

constexpr std::size_t kEventsAtOnce = 500;

Result<audit::Head> head_of(const std::string& text) {
  const auto parts = split(text, ':');
  const auto number = parts.size() == 3 ? parse_int64(parts[1]) : std::nullopt;
  if (!number || parts[0].empty() || parts[2].empty()) {
    return fail(ErrorCode::invalid_argument, "'" + text + "' is no head of a chain.",
                "Give it as <chain>:<number>:<link>, as `patchbay audit verify --json` prints it.");
  }
  return audit::Head{std::string(parts[0]), *number, std::string(parts[2])};
}

}  // namespace

Result<audit::Verified> verify_audit(const Config& config, const std::vector<std::string>& heads,
                                     const telemetry::Log& log) {
  std::vector<audit::Head> known;
  for (const std::string& text : heads) {
    auto head = head_of(text);
    if (!head) return std::unexpected(std::move(head.error()));
    known.push_back(std::move(*head));
  }
  const auto keys = read_keys(config, log);
  if (!keys) return std::unexpected(keys.error());
  const auto repository = open_existing_database(config, store::Tables::leave);
  if (!repository) return std::unexpected(repository.error());
  const auto opened =
      control::look_into_vault(**repository, keys->front(), std::span(*keys).subspan(1));
  if (!opened) return std::unexpected(opened.error());
  return audit::verify(**repository, *opened->vault, {}, known);
}

Result<> export_audit(const Config& config, bool csv, const std::string& environment_id,
                      const std::function<void(std::string_view)>& write) {
  const auto repository = open_existing_database(config, store::Tables::leave);
  if (!repository) return std::unexpected(repository.error());
  if (csv) write(audit::csv_head());
  audit::LogPosition after;
  while (true) {
    const auto page =
        audit::read_log(**repository, {.environment_id = environment_id}, after, kEventsAtOnce);
    if (!page) return std::unexpected(page.error());
    for (const store::EventRow& row : page->events) {
      write(csv ? audit::csv_line(row) : audit::json_line(row));
    }
    if (!page->next) return {};
    after = *page->next;
  }
}

}  // namespace patchbay::app
