#include "audit/verify.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <optional>
#include <utility>

#include "audit/chain.h"
#include "audit/event.h"
#include "audit/event_json.h"
#include "json/parse.h"
#include "store/event_rows.h"

namespace patchbay::audit {
namespace {

constexpr std::size_t kCheckedAtOnce = 500;

// Rows one after the other, by a number that each has.
template <class Row>
class Rows {
 public:
  using Read = Result<std::vector<Row>> (store::EventRows::*)(std::string_view, std::int64_t,
                                                              std::size_t);
  Rows(store::EventRows& rows, Read read, std::string chain, std::int64_t after)
      : rows_(rows), read_(read), chain_(std::move(chain)), after_(after) {}

  // Null: there are no more.
  Result<const Row*> next() {
    if (place_ == page_.size()) {
      auto page = (rows_.*read_)(chain_, after_, kCheckedAtOnce);
      if (!page) return std::unexpected(std::move(page.error()));
      page_ = std::move(*page);
      place_ = 0;
      if (page_.empty()) return nullptr;
    }
    return &page_[place_];
  }
  void pass(std::int64_t number) {
    after_ = number;
    ++place_;
  }

 private:
  store::EventRows& rows_;
  const Read read_;
  const std::string chain_;
  std::int64_t after_;
  std::vector<Row> page_;
  std::size_t place_ = 0;
};

// A link as it lies there: which numbers it has, and what it must be after the one before.
struct Link {
  std::int64_t first = 0;
  std::int64_t last = 0;
  std::int64_t events = 0;  // that begin with it
  std::string id;
  std::string who;      // for a person
  std::string altered;  // how it is told
  std::string text;
  std::string begins_chain = {};
};

std::string say(const store::EventRow& row) {
  return "Event " + row.id + " (" + row.kind + (row.tool.empty() ? "" : ", " + row.tool) + ")";
}
std::string say(const store::CallsRow& row) {
  return "One of the calls " + std::to_string(row.first_number()) + " to " +
         std::to_string(row.number) + ", which lie together in " + row.id + ",";
}

// The links of a chain in the order of their numbers, whatever row each lies in.
class Links {
 public:
  Links(store::EventRows& rows, const vault::Vault& vault, const store::ChainRow& chain)
      : vault_(vault),
        begins_(rows, &store::EventRows::events_by_number, chain.id, chain.cut_number),
        ends_(rows, &store::EventRows::events_by_end, chain.id, chain.cut_number),
        calls_(rows, &store::EventRows::calls_by_number, chain.id, chain.cut_number) {}

  // Nothing: that was the last one. `before`: the link that it hangs on.
  Result<std::optional<Link>> next(std::string_view before) {
    const auto begin = begins_.next();
    if (!begin) return std::unexpected(begin.error());
    const auto end = ends_.next();
    if (!end) return std::unexpected(end.error());
    const auto calls = calls_.next();
    if (!calls) return std::unexpected(calls.error());
    constexpr std::int64_t kNone = std::numeric_limits<std::int64_t>::max();
    const std::int64_t begun = *begin != nullptr ? (*begin)->number : kNone;
    const std::int64_t ended = *end != nullptr ? (*end)->ended_number.value_or(kNone) : kNone;
    const std::int64_t called = *calls != nullptr ? (*calls)->number : kNone;
    const std::int64_t number = std::min({begun, ended, called});
    if (number == kNone) return std::nullopt;
    if (number == begun) return of_beginning(**begin, before);
    return number == ended ? of_end(**end, before) : of_calls(**calls, before);
  }

 private:
  Link of_beginning(const store::EventRow& row, std::string_view before) {
    Link link{.first = row.number,
              .last = row.number,
              .events = 1,
              .id = row.id,
              .who = say(row),
              .altered = " was altered.",
              .text = row.link};
    is_right_ = row.link == link_of_beginning(vault_, row, before);
    if (row.chain == kInstance && row.tool == kChainBegun) {
      const auto begun = json::parse(row.begun);
      if (begun) link.begins_chain = begun->string_or("target", "");
    }
    begins_.pass(row.number);
    return link;
  }
  Link of_end(const store::EventRow& row, std::string_view before) {
    const std::int64_t number = *row.ended_number;
    Link link{.first = number,
              .last = number,
              .id = row.id,
              .who = say(row),
              .altered = " was altered in what came of it.",
              .text = row.ended_link};
    is_right_ = row.ended_link == link_of_end(vault_, row, before);
    ends_.pass(number);
    return link;
  }
  Link of_calls(const store::CallsRow& row, std::string_view before) {
    Link link{.first = row.first_number(),
              .last = row.number,
              .events = row.count,
              .id = row.id,
              .who = say(row),
              .altered = " was altered.",
              .text = row.link};
    is_right_ = row.link == link_of_calls(vault_, row, before);
    calls_.pass(row.number);
    return link;
  }

 public:
  // Whether the last one is what was written.
  bool is_right() const { return is_right_; }

 private:
  const vault::Vault& vault_;
  Rows<store::EventRow> begins_;
  Rows<store::EventRow> ends_;
  Rows<store::CallsRow> calls_;
  bool is_right_ = false;
};

class ChainCheck {
 public:
  ChainCheck(store::EventRows& rows, const vault::Vault& vault, const store::ChainRow& chain,
             Verified& out, std::vector<std::string>& begun)
      : rows_(rows), vault_(vault), chain_(chain), out_(out), begun_(begun) {}

  Result<> run(const std::vector<Head>& known) {
    out_.heads.push_back({chain_.id, chain_.last_number, chain_.last_link});
    if (!is_as_signed(vault_, chain_)) {
      fault("", chain_.last_number,
            "The ends of chain " + chain_.id + " are not as they were written.");
      return {};
    }
    Links links(rows_, vault_, chain_);
    std::string before = chain_.cut_link;
    std::string last;  // the event before
    std::int64_t number = chain_.cut_number;
    // No further than its row knew: what is added meanwhile is not read at one moment.
    while (number < chain_.last_number) {
      auto found = links.next(before);
      if (!found) return damaged(found.error());
      if (!*found) break;
      Link& link = **found;
      if (!expect(number + 1, link, last)) return {};
      if (!links.is_right()) {
        fault(link.id, link.first, link.who + link.altered);
        return {};
      }
      if (link.last == chain_.last_number && link.text != chain_.last_link) break;
      if (!look_at_known(known, link)) return {};
      out_.events += link.events;
      if (!link.begins_chain.empty()) begun_.push_back(std::move(link.begins_chain));
      before = std::move(link.text);
      last = std::move(link.id);
      number = link.last;
    }
    if (number < chain_.last_number ||
        (number == chain_.last_number && before != chain_.last_link)) {
      missing(number + 1, chain_.last_number, last, "the end");
      return {};
    }
    for (const Head& head : known) {
      if (head.chain != chain_.id || head.number <= number) continue;
      fault("", head.number,
            "Chain " + chain_.id + " ends at " + std::to_string(number) + ", but it had come to " +
                std::to_string(head.number) + ": the database is older than that.");
    }
    return {};
  }

 private:
  // False: there is a gap, or something that is in nobody's place.
  bool expect(std::int64_t expected, const Link& link, const std::string& last) {
    if (link.first == expected) return true;
    if (link.first > expected) {
      missing(expected, link.first - 1, last, link.id);
    } else {
      fault(link.id, link.first, link.who + " stands in the place of another.");
    }
    return false;
  }
  void missing(std::int64_t from, std::int64_t to, const std::string& after,
               const std::string& before) {
    const std::string which =
        from >= to ? "Link " + std::to_string(from) + " is missing"
                   : "Links " + std::to_string(from) + " to " + std::to_string(to) + " are missing";
    fault("", from,
          which + " in chain " + chain_.id + ": an event was removed, or the end of one, after " +
              (after.empty() ? "the beginning" : after) + " and before " + before + ".");
  }
  bool look_at_known(const std::vector<Head>& known, const Link& link) {
    for (const Head& head : known) {
      const bool within = head.number >= link.first && head.number <= link.last;
      if (head.chain != chain_.id || !within) continue;
      if (head.number == link.last && head.link == link.text) continue;
      fault("", head.number,
            "Chain " + chain_.id + " is another than the one that was noted at " +
                std::to_string(head.number) + ".");
      return false;
    }
    return true;
  }
  Result<> damaged(const Error& error) {
    if (error.code != ErrorCode::internal) return std::unexpected(error);
    fault("", 0, error.message);
    return {};
  }
  void fault(std::string id, std::int64_t number, std::string what) {
    out_.faults.push_back({chain_.id, std::move(id), number, std::move(what)});
  }

  store::EventRows& rows_;
  const vault::Vault& vault_;
  const store::ChainRow& chain_;
  Verified& out_;
  std::vector<std::string>& begun_;
};

// Retention cuts links away that were to be looked at: then it is looked at from where it is cut.
Result<store::ChainRow> as_it_is_now(store::EventRows& rows, const store::ChainRow& chain,
                                     const std::string& before_it) {
  auto found = rows.chains_after(before_it, 1);
  if (!found) return std::unexpected(std::move(found.error()));
  if (found->empty() || found->front().id != chain.id) return chain;
  return std::move(found->front());
}

Result<> check_chain(store::EventRows& rows, const vault::Vault& vault, store::ChainRow chain,
                     const std::string& before_it, const std::vector<Head>& known, Verified& out,
                     std::vector<std::string>& begun) {
  while (true) {
    Verified seen;
    std::vector<std::string> begun_here;
    if (auto done = ChainCheck(rows, vault, chain, seen, begun_here).run(known); !done) {
      return done;
    }
    if (!seen.faults.empty()) {
      auto now = as_it_is_now(rows, chain, before_it);
      if (!now) return std::unexpected(std::move(now.error()));
      if (now->cut_number > chain.cut_number && is_as_signed(vault, *now)) {
        chain = std::move(*now);
        continue;
      }
    }
    out.events += seen.events;
    std::ranges::move(seen.heads, std::back_inserter(out.heads));
    std::ranges::move(seen.faults, std::back_inserter(out.faults));
    std::ranges::move(begun_here, std::back_inserter(begun));
    return {};
  }
}

}  // namespace

json::Object view(const Verified& verified) {
  json::Array heads;
  for (const Head& head : verified.heads) {
    heads.push_back(
        json::Object{{"chain", head.chain}, {"number", head.number}, {"link", head.link}});
  }
  json::Array faults;
  for (const Fault& fault : verified.faults) {
    faults.push_back(json::Object{{"chain", fault.chain},
                                  {"event_id", text_or_null(fault.event_id)},
                                  {"number", fault.number},
                                  {"message", fault.what}});
  }
  return {{"valid", verified.faults.empty()},
          {"events", verified.events},
          {"heads", std::move(heads)},
          {"faults", std::move(faults)}};
}

Result<Verified> verify(store::EventRows& rows, const vault::Vault& vault,
                        const std::string& environment_id, const std::vector<Head>& known) {
  Verified out;
  std::vector<std::string> begun;
  std::vector<std::string> seen;
  std::string last;
  while (true) {
    const auto chains = rows.chains_after(last, kCheckedAtOnce);
    if (!chains) return std::unexpected(chains.error());
    if (chains->empty()) break;
    for (const store::ChainRow& chain : *chains) {
      const std::string before_it = std::exchange(last, chain.id);
      seen.push_back(chain.id);
      if (!environment_id.empty() && chain.id != environment_id) continue;
      auto done = check_chain(rows, vault, chain, before_it, known, out, begun);
      if (!done) return std::unexpected(std::move(done.error()));
    }
  }
  const auto expect_chain = [&](const std::string& id, std::string what) {
    if (std::ranges::find(seen, id) != seen.end()) return;
    out.faults.push_back({id, "", 0, std::move(what)});
  };
  for (const std::string& id : begun) {
    expect_chain(id, "Chain " + id + " was begun, and is not there: all its events were removed.");
  }
  for (const Head& head : known) {
    if (!environment_id.empty() && head.chain != environment_id) continue;
    expect_chain(head.chain, "Chain " + head.chain + " was noted, and is not there.");
  }
  if (environment_id.empty() && !seen.empty()) {
    expect_chain(std::string(kInstance), "The chain of the instance is not there.");
  }
  return out;
}

}  // namespace patchbay::audit
