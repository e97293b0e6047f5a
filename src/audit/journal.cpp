#include "audit/journal.h"

#include "base/random.h"
#include "store/write_rows.h"
#include "vault/vault.h"

namespace patchbay::audit {
namespace {

constexpr std::string_view kStarted = "started";
constexpr std::string_view kDone = "done";
constexpr std::string_view kUnknown = "unknown";

// The name of the place is older than the journal: with another one, results that were sealed
// before it would not open.
std::string place_of(std::string_view account_id, std::string_view key) {
  return std::string("idempotency\n").append(account_id).append("\n").append(key);
}

}  // namespace

bool opens(const store::WriteRow& row, const vault::Vault& vault) {
  return row.state != kDone || vault.unseal(row.result, place_of(row.account_id, row.key));
}

Result<Begun> Journal::begin(const Write& write) {
  const WallTime now = clock_.now();
  store::WriteRow row{.id = random_id("wrt"),
                      .account_id = write.account_id,
                      .key = write.key,
                      .digest = write.digest,
                      .state = std::string(kStarted),
                      .result = {},
                      .started_at = now};
  const auto found = rows_.begin_write(row, now - write.valid);
  if (!found) return std::unexpected(found.error());
  if (!*found) return Go{std::move(row.id)};
  const store::WriteRow& first = **found;
  if (first.digest != write.digest) return OtherArguments{};
  const auto decided = first.started_at + write.longest_call;
  if (first.state == kStarted && now < decided) {
    return UnderWay{std::chrono::ceil<std::chrono::milliseconds>(decided - now)};
  }
  if (first.state == kDone) {
    // What a replaced master key sealed may not open any more: then the result is lost, not the
    // fact that there was one.
    if (const auto text = vault_->unseal(first.result, place_of(write.account_id, write.key))) {
      return Repeat{.result = std::string(text->reveal()), .id = first.id};
    }
    return Lost{};
  }
  return Open{first.id, first.started_at, write.longest_call};
}

Result<Begun> Journal::resume(const Open& open) {
  const auto resumed = rows_.restart_write(open.id, open.since, clock_.now());
  if (!resumed) return std::unexpected(resumed.error());
  if (!*resumed) return UnderWay{open.longest_call};
  return Go{open.id};
}

Result<> Journal::finish(const Write& write, const Go& begun, const Ended& ended) {
  if (std::holds_alternative<NotDone>(ended)) return rows_.delete_write(begun.id);
  if (const auto* const done = std::get_if<Done>(&ended)) {
    return rows_.finish_write(
        begun.id, kDone,
        vault_->seal(Secret(std::string(done->result)), place_of(write.account_id, write.key)));
  }
  return rows_.finish_write(begun.id, kUnknown, {});
}

}  // namespace patchbay::audit
