#include "store/expiries.h"

#include <algorithm>
#include <string>
#include <utility>

#include "store/revisions.h"
#include "store/rows.h"

namespace patchbay::store {
namespace {

// A row that is damaged is deleted all the same; there is nothing that could be told of it.
Result<> tell_of(Session& session, Telling& telling, const Answer& rows, std::size_t row,
                 const TellOfServer& tell) {
  if (!tell) return {};
  const auto server = read_row<McpServerRow>(rows, row);
  return server ? telling.put(session, tell(*server)) : Result<>();
}

Parameters at_most(WallTime by, std::size_t limit) {
  return Parameters().integer(to_millis(by)).integer(static_cast<std::int64_t>(limit));
}

}  // namespace

Parameters parameters_of(const Expiring& wanted) {
  Parameters parameters;
  parameters.integer(to_millis(wanted.after))
      .integer(to_millis(wanted.by))
      .text(wanted.environment_id)
      .integer(static_cast<std::int64_t>(wanted.limit));
  return parameters;
}

Result<std::optional<WallTime>> nearest_in(Database& database,
                                           std::initializer_list<Question> questions) {
  std::optional<WallTime> nearest;
  const auto read = database.read([&](Session& session) -> Result<> {
    nearest.reset();
    for (const Question question : questions) {
      const auto found = session.run(question, {});
      if (!found) return std::unexpected(found.error());
      if (found->rows() == 0 || found->at(0, 0).type != Cell::Type::integer) continue;
      nearest = std::min(nearest.value_or(WallTime::max()),
                         WallTime(std::chrono::milliseconds(found->at(0, 0).integer)));
    }
    return {};
  });
  if (!read) return std::unexpected(read.error());
  return nearest;
}

Result<std::vector<Expired>> delete_expired_from(Database& database, Telling telling, WallTime now,
                                                 std::size_t limit, const TellOfServer& tell) {
  // Mostly there is nothing, which costs no commit.
  const auto nearest = nearest_in(
      database, {Question::nearest_expiry_of_mcp_server, Question::nearest_expiry_of_api_token});
  if (!nearest) return std::unexpected(nearest.error());
  if (!*nearest || **nearest > now) return std::vector<Expired>();

  std::vector<Expired> expired;
  auto done = database.change([&](Session& session) -> Result<> {
    expired.clear();
    telling.begin();
    if (auto locked = take_revisions(session, 0); !locked) return std::unexpected(locked.error());
    for (const auto& [question, kind, hash_column] :
         {std::tuple(Question::delete_expired_mcp_servers, Kind::mcp_server, 5),
          std::tuple(Question::delete_expired_api_tokens, Kind::api_token, 1)}) {
      const auto gone = session.run(question, at_most(now, limit - expired.size()));
      if (!gone) return std::unexpected(gone.error());
      std::vector<std::string> ids;
      for (std::size_t i = 0; i < gone->rows(); ++i) {
        ids.push_back(gone->at(i, 0).bytes);
        const auto hash =
            vault::TokenHash::from_blob(gone->at(i, static_cast<std::size_t>(hash_column)).bytes);
        expired.push_back({kind, ids.back(), hash.value_or(vault::TokenHash())});
        if (kind != Kind::mcp_server) continue;
        if (auto told = tell_of(session, telling, *gone, i, tell); !told) return told;
      }
      if (ids.empty()) continue;
      const auto before = take_revisions(session, ids.size());
      if (!before) return std::unexpected(before.error());
      if (auto noted = note_changes(session, *before, kind, true, ids); !noted) return noted;
    }
    return {};
  });
  if (!done) return std::unexpected(std::move(done.error()));
  telling.committed();
  return expired;
}

Result<std::size_t> tell_of_expiry_in(Database& database, Telling telling, WallTime by,
                                      std::size_t limit, const TellOfServer& tell) {
  std::size_t seen = 0;
  auto done = database.change([&](Session& session) -> Result<> {
    seen = 0;
    telling.begin();
    const auto rows = session.run(Question::mcp_servers_untold, at_most(by, limit));
    if (!rows) return std::unexpected(rows.error());
    for (std::size_t i = 0; i < rows->rows(); ++i) {
      ++seen;
      // Of two nodes that look at the same moment the second waits here, and changes nothing.
      const auto marked =
          session.run(Question::mark_told_of_expiry, Parameters().text(rows->at(i, 0).bytes));
      if (!marked) return std::unexpected(marked.error());
      if (marked->changed() == 0) continue;
      if (auto told = tell_of(session, telling, *rows, i, tell); !told) return told;
    }
    return {};
  });
  if (!done) return std::unexpected(std::move(done.error()));
  telling.committed();
  return seen;
}

}  // namespace patchbay::store
