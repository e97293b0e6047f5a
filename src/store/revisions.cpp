#include "store/revisions.h"

#include "json/value.h"
#include "json/write.h"

namespace patchbay::store {
namespace {

// Old changes go whenever so many new ones have come, and not each time.
constexpr std::int64_t kTrimEvery = 1'000;

}  // namespace

Result<std::int64_t> take_revisions(Session& session, std::size_t count) {
  const auto before =
      session.run(Question::take_revisions, Parameters().integer(static_cast<std::int64_t>(count)));
  if (!before) return std::unexpected(before.error());
  if (before->rows() != 1) {
    return fail(ErrorCode::internal, "The database lost its revision.",
                "Restore it from a backup.");
  }
  return before->at(0, 0).integer;
}

Result<> note_changes(Session& session, std::int64_t before, Kind kind, bool deleted,
                      const std::vector<std::string>& ids) {
  const auto noted = session.run(Question::note_changes, Parameters()
                                                             .integer(before)
                                                             .integer(static_cast<int>(kind))
                                                             .integer(deleted ? 1 : 0)
                                                             .text(as_json(ids)));
  if (!noted) return std::unexpected(noted.error());
  const std::int64_t now = before + static_cast<std::int64_t>(ids.size());
  if (now / kTrimEvery == before / kTrimEvery) return {};
  const auto trimmed =
      session.run(Question::trim_changes, Parameters().integer(now - kKeptChanges));
  if (!trimmed) return std::unexpected(trimmed.error());
  return {};
}

std::string as_json(const std::vector<std::string>& ids) {
  return json::to_string(json::Array(ids.begin(), ids.end()));
}

}  // namespace patchbay::store
