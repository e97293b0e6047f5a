#include "store/revisions.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "json/value.h"
#include "json/write.h"

namespace patchbay::store {
namespace {

// Old changes go whenever so many new ones have come, and not each time.
constexpr std::int64_t kTrimEvery = 1'000;

Result<Answer> ask(Database& database, Question question, const Parameters& parameters) {
  Answer answer;
  const auto read = database.read([&](Session& session) -> Result<> {
    auto given = session.run(question, parameters);
    if (!given) return std::unexpected(std::move(given.error()));
    answer = std::move(*given);
    return {};
  });
  if (!read) return std::unexpected(read.error());
  return answer;
}

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

// Revisions count by one and only the oldest are trimmed, so the first one shows whether any is
// missing, without a look at what is kept.
Result<ChangesSince> read_changes(Database& database, std::int64_t since, std::size_t limit) {
  constexpr std::size_t kMost = std::numeric_limits<std::int64_t>::max();
  const auto at_most = static_cast<std::int64_t>(std::clamp(limit, 1UZ, kMost));
  // The second time for what comes in between the two questions.
  std::int64_t now = 0;
  for (int attempt = 0; attempt < 2; ++attempt) {
    const auto answer =
        ask(database, Question::changes_since, Parameters().integer(since).integer(at_most));
    if (!answer) return std::unexpected(answer.error());
    Changes found;
    for (std::size_t i = 0; i < answer->rows(); ++i) {
      found.changes.push_back({.revision = answer->at(i, 0).integer,
                               .kind = static_cast<Kind>(answer->at(i, 1).integer),
                               .id = answer->at(i, 2).bytes,
                               .deleted = answer->at(i, 3).integer != 0});
    }
    if (!found.changes.empty() && found.changes.front().revision == since + 1) return found;
    const auto revision = ask(database, Question::revision, {});
    if (!revision) return std::unexpected(revision.error());
    now = revision->rows() == 0 ? 0 : revision->at(0, 0).integer;
    if (now == since) return found;
    if (!found.changes.empty() || now < since) break;
  }
  return Forgotten{.revision = now};
}

std::string as_json(const std::vector<std::string>& ids) {
  return json::to_string(json::Array(ids.begin(), ids.end()));
}

}  // namespace patchbay::store
