#include "audit/retention.h"

#include <algorithm>
#include <chrono>
#include <string>

#include "audit/chain.h"
#include "audit/event.h"
#include "audit/settings.h"
#include "json/parse.h"
#include "store/event_rows.h"

namespace patchbay::audit {
namespace {

constexpr std::size_t kChainsAtOnce = 100;
// In a transaction, so that nobody waits for long.
constexpr std::int64_t kLinksAtOnce = 2'000;
constexpr std::chrono::hours kKeysCount{24};

// What belongs to no environment is little, and tells which chains there are.
constexpr Settings kOfInstance{.keep_days = 3'650, .keep_entries = 1'000'000};

Result<Settings> settings_of(store::EventSession& session, const std::string& chain) {
  if (chain == kInstance) return kOfInstance;
  const auto text = session.audit_settings(chain);
  if (!text) return std::unexpected(text.error());
  const auto value = *text ? json::parse(**text) : Result<json::Value>(json::Object{});
  const auto read = value ? read_settings(*value) : Result<Settings>(Settings{});
  return read.value_or(Settings{});
}

// Where it can be cut, at `wanted` or before it: calls that lie together go together, once none of
// them is to stay. `at_once`: no further than that, where there is a place to cut before it.
Result<std::int64_t> place_to_cut(store::EventSession& session, const std::string& chain,
                                  std::int64_t wanted, std::int64_t at_once) {
  const std::int64_t cut = std::min(wanted, at_once);
  const auto around = session.calls_around(chain, cut);
  if (!around) return std::unexpected(around.error());
  if (!*around) return cut;
  return (*around)->number <= wanted ? (*around)->number : (*around)->first_number() - 1;
}

// Whether there is more to take away.
Result<bool> retain_chain(store::EventSession& session, const vault::Vault& vault,
                          const std::string& id, WallTime now) {
  auto chain = session.lock_chain(id);
  if (!chain) return std::unexpected(std::move(chain.error()));
  if (!*chain) return false;
  store::ChainRow& row = **chain;
  // Of one that was altered nothing goes: it is looked at first.
  if (!is_as_signed(vault, row)) return false;
  const auto settings = settings_of(session, id);
  if (!settings) return std::unexpected(settings.error());
  const auto old = session.last_number_before(id, now - std::chrono::days(settings->keep_days));
  if (!old) return std::unexpected(old.error());
  const std::int64_t wanted = std::max(*old, row.last_number - settings->keep_entries);
  if (wanted <= row.cut_number) return false;
  const auto place = place_to_cut(session, id, wanted, row.cut_number + kLinksAtOnce);
  if (!place) return std::unexpected(place.error());
  const std::int64_t cut = *place;
  if (cut <= row.cut_number) return false;
  auto link = session.link_of(id, cut);
  if (!link) return std::unexpected(std::move(link.error()));
  if (link->empty()) return false;  // it is missing, and that is to be seen
  if (auto deleted = session.delete_events(id, cut); !deleted) {
    return std::unexpected(deleted.error());
  }
  row.cut_number = cut;
  row.cut_link = std::move(*link);
  sign(vault, row);
  if (auto updated = session.update(row); !updated) return std::unexpected(updated.error());
  return cut < wanted;
}

}  // namespace

Result<> retain(store::EventRows& rows, const vault::Vault& vault, WallTime now,
                const std::function<void()>& between) {
  auto freed = rows.change_events(
      [&](store::EventSession& session) { return session.free_keys_before(now - kKeysCount); });
  if (!freed) return freed;
  std::string last;
  while (true) {
    const auto chains = rows.chains_after(last, kChainsAtOnce);
    if (!chains) return std::unexpected(chains.error());
    if (chains->empty()) return {};
    for (const store::ChainRow& chain : *chains) {
      last = chain.id;
      for (bool more = true; more;) {
        auto done = rows.change_events([&](store::EventSession& session) -> Result<> {
          const auto left = retain_chain(session, vault, chain.id, now);
          if (!left) return std::unexpected(left.error());
          more = *left;
          return {};
        });
        if (!done) return done;
        between();
      }
    }
  }
}

}  // namespace patchbay::audit
