#include "store/server_uses.h"

#include <algorithm>
#include <span>
#include <utility>

#include "store/database.h"
#include "store/revisions.h"
#include "store/rows.h"
#include "store/webhook_questions.h"

namespace patchbay::store {
namespace {

// In one commit, so that nothing that is more urgent waits for long.
constexpr std::size_t kUsesAtOnce = 200;

// All columns of the table but the id.
struct Counted {
  ServerUse use;
  std::array<QuotaGrant, kQuotas> quota;  // `granted` is not of them
};

Result<Counted> read_counted(const Answer& answer, std::size_t row) {
  const auto integer = [&](std::size_t column) { return answer.at(row, column).integer; };
  for (std::size_t column = 1; column < answer.columns(); ++column) {
    const auto type = answer.at(row, column).type;
    const bool may_be_null = column == 4;  // last_used_at
    if (type == Cell::Type::integer || (may_be_null && type == Cell::Type::null)) continue;
    return fail(ErrorCode::internal,
                "The mcp_server_use " + answer.at(row, 0).bytes + " is damaged.",
                "Restore the database from a backup, or delete that row.");
  }
  Counted counted;
  counted.use = {.id = answer.at(row, 0).bytes,
                 .day = integer(1),
                 .calls = integer(2),
                 .errors = integer(3),
                 .last_used_at = {}};
  if (answer.at(row, 4).type == Cell::Type::integer) {
    counted.use.last_used_at = WallTime(std::chrono::milliseconds(integer(4)));
  }
  for (std::size_t i = 0; i < kQuotas; ++i) {
    counted.quota[i] = {.period = integer(5 + 2 * i), .taken = integer(6 + 2 * i), .granted = 0};
  }
  return counted;
}

Parameters parameters_of(const Counted& counted) {
  const ServerUse& use = counted.use;
  Parameters parameters;
  parameters.integer(use.day).integer(use.calls).integer(use.errors);
  parameters.optional_integer(use.last_used_at ? std::optional(to_millis(*use.last_used_at))
                                               : std::nullopt);
  for (const QuotaGrant& quota : counted.quota) {
    parameters.integer(quota.period).integer(quota.taken);
  }
  parameters.text(use.id);
  return parameters;
}

// The row of that server, made if there is none, and nobody else's until the commit. Nothing: there
// is no such server.
Result<std::optional<Counted>> take_row(Session& session, std::string_view id) {
  const auto made = session.run(Question::begin_server_use, Parameters().text(id));
  if (!made) return std::unexpected(made.error());
  const auto answer = session.run(Question::lock_server_use, Parameters().text(id));
  if (!answer) return std::unexpected(answer.error());
  if (answer->rows() == 0) return std::nullopt;
  auto counted = read_counted(*answer, 0);
  if (!counted) return std::unexpected(std::move(counted.error()));
  return std::move(*counted);
}

Result<> put_row(Session& session, const Counted& counted) {
  const auto put = session.run(Question::update_server_use, parameters_of(counted));
  return put ? Result<>() : std::unexpected(put.error());
}

void add(ServerUse& use, const ServerUse& since) {
  if (since.last_used_at) {
    use.last_used_at = std::max(use.last_used_at.value_or(WallTime::min()), *since.last_used_at);
  }
  if (since.day < use.day) return;
  if (since.day > use.day) use.calls = use.errors = 0;
  use.day = since.day;
  use.calls += since.calls;
  use.errors += since.errors;
}

QuotaGrant take(const QuotaGrant& before, const QuotaWish& wish) {
  QuotaGrant after{.period = std::max(before.period, wish.period)};
  const std::int64_t taken = after.period == before.period ? before.taken : 0;
  after.granted = std::clamp(wish.limit - taken, std::int64_t{0}, wish.wanted);
  after.taken = taken + after.granted;
  return after;
}

// Once in a period, unless the quota is raised within it.
bool takes_the_last(const QuotaGrant& before, const QuotaGrant& after, std::int64_t limit) {
  return after.granted > 0 && after.taken >= limit &&
         (before.period != after.period || before.taken < limit);
}

}  // namespace

Result<> add_uses_to(Database& database, std::vector<ServerUse> since) {
  // Always in the same order: two nodes that each had what the other waits for would wait for good.
  std::ranges::sort(since, {}, &ServerUse::id);
  for (std::size_t at = 0; at < since.size(); at += kUsesAtOnce) {
    const auto part = std::span(since).subspan(at, std::min(kUsesAtOnce, since.size() - at));
    auto added = database.change([&](Session& session) -> Result<> {
      for (const ServerUse& one : part) {
        auto counted = take_row(session, one.id);
        if (!counted) return std::unexpected(std::move(counted.error()));
        if (!*counted) continue;
        add((*counted)->use, one);
        if (auto put = put_row(session, **counted); !put) return put;
      }
      return {};
    });
    if (!added) return added;
  }
  return {};
}

Result<std::vector<ServerUse>> uses_of(Database& database, const std::vector<std::string>& ids) {
  std::vector<ServerUse> found;
  auto read = database.read([&](Session& session) -> Result<> {
    found.clear();
    const auto answer = session.run(Question::server_uses, Parameters().text(as_json(ids)));
    if (!answer) return std::unexpected(answer.error());
    for (std::size_t row = 0; row < answer->rows(); ++row) {
      auto counted = read_counted(*answer, row);
      if (!counted) return std::unexpected(std::move(counted.error()));
      found.push_back(std::move(counted->use));
    }
    return {};
  });
  if (!read) return std::unexpected(std::move(read.error()));
  return found;
}

Result<QuotaGrants> take_quota_of(Database& database, std::string_view id,
                                  const QuotaWishes& wishes, Telling telling,
                                  const TellOfQuota& tell) {
  QuotaGrants grants;
  auto taken = database.change([&](Session& session) -> Result<> {
    telling.begin();
    auto counted = take_row(session, id);
    if (!counted) return std::unexpected(std::move(counted.error()));
    if (!*counted) return fail(ErrorCode::not_found, "There is no such record.");
    for (std::size_t i = 0; i < kQuotas; ++i) {
      if (wishes[i].limit <= 0) continue;
      const QuotaGrant before = (*counted)->quota[i];
      grants[i] = take(before, wishes[i]);
      (*counted)->quota[i] = grants[i];
      if (!tell || !takes_the_last(before, grants[i], wishes[i].limit)) continue;
      if (auto told = telling.put(session, tell(static_cast<QuotaOf>(i), grants[i])); !told) {
        return told;
      }
    }
    return put_row(session, **counted);
  });
  if (!taken) return std::unexpected(std::move(taken.error()));
  telling.committed();
  return grants;
}

}  // namespace patchbay::store
