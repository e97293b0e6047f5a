#include "audit/batch.h"

#include <utility>

#include "audit/chain.h"
#include "audit/event_json.h"
#include "base/encoding.h"
#include "json/parse.h"
#include "vault/vault.h"

namespace patchbay::audit {
namespace {

template <class... Ts>
struct Cases : Ts... {
  using Ts::operator()...;
};

// The name of the place is older than the journal: with another one, results that were sealed
// before it would not open.
std::string place_of(std::string_view account_id, std::string_view key) {
  return std::string("idempotency\n").append(account_id).append("\n").append(key);
}

std::string chain_of(const Event& event) {
  return std::string(event.by.environment_id.empty() ? kInstance : event.by.environment_id);
}

}  // namespace

bool opens(const store::EventRow& row, const vault::Vault& vault) {
  return row.state != "done" || vault.unseal(row.result, place_of(row.account_id, row.key));
}

std::string chain_of(const Entry& entry) {
  return std::visit(Cases{[](const Beginning& one) { return chain_of(one.write.event); },
                          [](const End& one) { return one.begun.chain; },
                          [](const Freed& one) { return one.begun.chain; },
                          [](const Whole& one) { return chain_of(one.event); },
                          [](const Together& one) { return one.environment_id; }},
                    entry);
}

std::size_t size_of(const Entry& entry) {
  const auto* const calls = std::get_if<Together>(&entry);
  return calls != nullptr ? calls->calls.count() : 1;
}

// A chain that is locked, and what is added to it.
class Batch::Chain {
 public:
  Chain(store::EventSession& session, const vault::Vault& vault, WallTime now,
        store::ChainRow& chain, Arguments arguments)
      : session_(session), vault_(vault), now_(now), chain_(chain), arguments_(arguments) {}

  Result<> operator()(Beginning& one) {
    if (one.open) {
      const auto taken = session_.take_key(one.open->id, one.open->since);
      if (!taken) return std::unexpected(taken.error());
      one.found = UnderWay{one.write.longest_call};
      if (!*taken) return {};
    } else if (!one.write.key.empty()) {
      auto first = session_.event_of_key(one.write.event.by.account_id, one.write.key);
      if (!first) return std::unexpected(std::move(first.error()));
      if (*first && (*first)->at >= now_ - one.write.valid) {
        one.found = found(one.write, **first);
        return {};
      }
      if (*first) {
        if (auto freed = session_.free_key((*first)->id); !freed) return freed;
      }
    }
    store::EventRow row = row_of(one.write.event, one.order);
    row.at = now_;
    row.outcome = "started";
    row.key = one.write.key;
    if (!one.write.digest.empty()) row.digest = one.write.digest;
    if (!row.key.empty()) row.state = "started";
    one.found = Go{row.id, row.chain, row.account_id, row.key};
    return append(row);
  }

  Result<> operator()(End& one) {
    store::EventRow row;
    row.id = one.begun.id;
    row.chain = chain_.id;
    row.outcome = to_string(one.ending.outcome);
    row.ended = text_of(one.ending, now_, one.ending.shown <= arguments_);
    row.ended_number = chain_.last_number + 1;
    row.ended_link = link_of_end(vault_, row, chain_.last_link);
    const auto open = session_.end(row);
    if (!open) return std::unexpected(open.error());
    one.was_open = *open;
    if (*open) {
      ++chain_.last_number;
      chain_.last_link = row.ended_link;
    }
    if (one.begun.key.empty()) return {};
    if (const auto* const done = std::get_if<Done>(&one.ended)) {
      return session_.keep_result(
          row.id, "done",
          vault_.seal(Secret(done->result), place_of(one.begun.account_id, one.begun.key)));
    }
    if (std::holds_alternative<NotDone>(one.ended)) return session_.free_key(row.id);
    if (std::holds_alternative<MayStillRun>(one.ended)) return {};
    return session_.keep_result(row.id, "unknown", {});
  }

  Result<> operator()(Freed& one) { return session_.free_key(one.begun.id); }

  Result<> operator()(Whole& one) {
    store::EventRow row = row_of(one.event, one.order);
    row.at = one.event.at;
    row.outcome = to_string(one.ending.outcome);
    row.ended = text_of(one.ending, now_, one.ending.shown <= arguments_);
    return append(row);
  }

  Result<> operator()(Together& one) {
    store::CallsRow row = one.calls.row(chain_.id, arguments_);
    row.number = chain_.last_number + row.count;
    row.link = link_of_calls(vault_, row, chain_.last_link);
    chain_.last_number = row.number;
    chain_.last_link = row.link;
    return session_.insert(row);
  }

 private:
  store::EventRow row_of(const Event& event, Order order) const {
    const bool shown = event.shown != Arguments::none && event.shown <= arguments_;
    return {.id = event_id(order, random_part()),
            .chain = chain_.id,
            .kind = std::string(to_string(event.kind)),
            .account_id = std::string(event.by.account_id),
            .server_id = std::string(event.by.server_id),
            .tool = std::string(event.tool),
            .begun = text_of(event, shown),
            .digest = event.digest ? digest_of(*event.digest) : ""};
  }

  // Keyed: few arguments have few values, which anybody could try.
  std::string digest_of(const std::array<std::uint8_t, 16>& digest) const {
    const vault::DigestCode code = vault_.code_of_digest(digest);
    return to_hex({reinterpret_cast<const char*>(code.data()), code.size()});
  }

  Result<> append(store::EventRow& row) {
    row.number = ++chain_.last_number;
    row.link = link_of_beginning(vault_, row, chain_.last_link);
    chain_.last_link = row.link;
    return session_.insert(row);
  }

  Begun found(const Write& write, const store::EventRow& first) const {
    if (first.digest != write.digest) return OtherArguments{};
    const auto decided = first.at + write.longest_call;
    if (first.state == "started" && now_ < decided) {
      return UnderWay{std::chrono::ceil<std::chrono::milliseconds>(decided - now_)};
    }
    if (first.state != "done") return Open{first.id, first.at};
    // What a replaced master key sealed may not open any more: then the result is lost, not the
    // fact that there was one.
    if (const auto text = vault_.unseal(first.result, place_of(first.account_id, first.key))) {
      return Repeat{.result = std::string(text->reveal()),
                    .first = Go{first.id, first.chain, first.account_id, first.key}};
    }
    return Lost{};
  }

  store::EventSession& session_;
  const vault::Vault& vault_;
  const WallTime now_;
  store::ChainRow& chain_;
  const Arguments arguments_;
};

Result<> Batch::write_chain(store::EventSession& session, const std::string& id,
                            const std::vector<Entry*>& entries) {
  auto chain = session.lock_chain(id);
  if (chain && !*chain) {
    if (auto made = session.make_chain(id); !made) return made;
    chain = session.lock_chain(id);
  }
  if (!chain) return std::unexpected(std::move(chain.error()));
  if (!*chain) return fail(ErrorCode::internal, "A chain of events is not there.");
  if ((*chain)->last_number == 0 && id != kInstance) new_chains_.push_back(id);
  Arguments arguments = Arguments::none;
  if (id != kInstance) {
    const auto text = session.audit_settings(id);
    if (!text) return std::unexpected(text.error());
    const auto value = *text ? json::parse(**text) : Result<json::Value>(json::Object{});
    const auto settings = value ? read_settings(*value) : Result<Settings>(Settings{});
    arguments = settings ? settings->arguments : Arguments::none;
    learnt_[id] = arguments;
  }
  Chain locked(session, vault_, now_, **chain, arguments);
  for (Entry* const entry : entries) {
    if (auto added = std::visit(locked, *entry); !added) return added;
  }
  sign(vault_, **chain);
  return session.update(**chain);
}

Result<> Batch::write(store::EventSession& session, const std::vector<Entry*>& entries) {
  new_chains_.clear();
  std::map<std::string, std::vector<Entry*>> by_chain;
  for (Entry* const entry : entries) by_chain[chain_of(*entry)].push_back(entry);
  // The instance's comes last: it hears of chains that were begun.
  auto instance = by_chain.extract(std::string(kInstance));
  for (const auto& [id, its] : by_chain) {
    if (auto done = write_chain(session, id, its); !done) return done;
  }
  std::vector<Entry*> its;
  if (instance) its = std::move(instance.mapped());
  std::vector<Entry> begun;
  for (const std::string& id : new_chains_) {
    begun.emplace_back(
        Whole{.event = {.kind = Kind::note, .at = now_, .tool = kChainBegun, .target = id},
              .ending = {},
              .order = next_order(0, now_)});
  }
  for (Entry& entry : begun) its.push_back(&entry);
  return its.empty() ? Result<>() : write_chain(session, std::string(kInstance), its);
}

}  // namespace patchbay::audit
