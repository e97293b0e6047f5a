// What is counted of MCP servers: when each was used last, the calls of its present day, and what
// is taken of its quota. No revision goes with it: nobody holds it in memory, so nobody is told.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "store/webhook_rows.h"

namespace patchbay::store {

class Database;
class Telling;

struct ServerUse {
  std::string id;        // the MCP server's
  std::int64_t day = 0;  // of what is counted, in days since 1970 (UTC)
  std::int64_t calls = 0;
  std::int64_t errors = 0;
  std::optional<WallTime> last_used_at;
};

// What a quota bounds. A period is a minute or a day, counted since 1970 (UTC).
inline constexpr std::size_t kQuotas = 4;
enum class QuotaOf : std::uint8_t {
  calls_of_minute,
  calls_of_day,
  writes_of_minute,
  writes_of_day
};

struct QuotaWish {
  std::int64_t period = 0;  // as it is now
  std::int64_t limit = 0;   // 0: nothing is asked for
  std::int64_t wanted = 0;
};
struct QuotaGrant {
  std::int64_t period = 0;   // the wish's, or a later one, of which somebody knew already
  std::int64_t taken = 0;    // in that period, of everybody, with this
  std::int64_t granted = 0;  // as many as were wanted, or as many as are left
};
using QuotaWishes = std::array<QuotaWish, kQuotas>;  // by QuotaOf
using QuotaGrants = std::array<QuotaGrant, kQuotas>;
// What is told of a quota of which the last was just taken; nothing: nothing.
using TellOfQuota = std::function<std::optional<Message>(QuotaOf, const QuotaGrant&)>;

// Errors of all: unavailable.
class ServerUses {
 public:
  virtual ~ServerUses() = default;
  // Adds to what is counted. A later day begins anew; of an earlier one only the time counts. Of
  // servers that are gone nothing is kept.
  virtual Result<> add_uses(std::vector<ServerUse> since) = 0;
  // Of those that were ever used, in no order.
  virtual Result<std::vector<ServerUse>> uses(const std::vector<std::string>& ids) = 0;
  // In one commit: what it grants is taken, whatever becomes of who asked. Error not_found: there
  // is no such server.
  virtual Result<QuotaGrants> take_quota(std::string_view id, const QuotaWishes& wishes,
                                         const TellOfQuota& tell) = 0;
  Result<QuotaGrants> take_quota(std::string_view id, const QuotaWishes& wishes) {
    return take_quota(id, wishes, {});
  }
};

// What the interface's functions do.
Result<> add_uses_to(Database& database, std::vector<ServerUse> since);
Result<std::vector<ServerUse>> uses_of(Database& database, const std::vector<std::string>& ids);
Result<QuotaGrants> take_quota_of(Database& database, std::string_view id,
                                  const QuotaWishes& wishes, Telling telling,
                                  const TellOfQuota& tell);

}  // namespace patchbay::store
