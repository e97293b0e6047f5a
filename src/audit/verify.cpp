#include "audit/verify.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "audit/chain.h"
#include "audit/event.h"
#include "json/parse.h"
#include "store/event_rows.h"

namespace patchbay::audit {
namespace {

constexpr std::size_t kAtOnce = 500;

// Rows one after the other, as one of the two numbers orders them.
class Rows {
 public:
  using Read = Result<std::vector<store::EventRow>> (store::EventRows::*)(std::string_view,
                                                                          std::int64_t,
                                                                          std::size_t);
  Rows(store::EventRows& rows, Read read, std::string chain, std::int64_t after)
      : rows_(rows), read_(read), chain_(std::move(chain)), after_(after) {}

  // Null: there are no more.
  Result<const store::EventRow*> next() {
    if (place_ == page_.size()) {
      auto page = (rows_.*read_)(chain_, after_, kAtOnce);
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
  std::vector<store::EventRow> page_;
  std::size_t place_ = 0;
};

std::string say(const store::EventRow& row) {
  return "Event " + row.id + " (" + row.kind + (row.tool.empty() ? "" : ", " + row.tool) + ")";
}

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
    Rows begins(rows_, &store::EventRows::events_by_number, chain_.id, chain_.cut_number);
    Rows ends(rows_, &store::EventRows::events_by_end, chain_.id, chain_.cut_number);
    std::string before = chain_.cut_link;
    std::string last;  // the event before
    std::int64_t number = chain_.cut_number;
    while (true) {
      const auto begin = begins.next();
      if (!begin) return damaged(begin.error());
      const auto end = ends.next();
      if (!end) return damaged(end.error());
      if (*begin == nullptr && *end == nullptr) break;
      const bool is_end =
          *begin == nullptr || (*end != nullptr && (*end)->ended_number < (*begin)->number);
      const store::EventRow& row = is_end ? **end : **begin;
      const std::int64_t found = is_end ? *row.ended_number : row.number;
      if (!expect(number + 1, found, row, last)) return {};
      const std::string link =
          is_end ? link_of_end(vault_, row, before) : link_of_beginning(vault_, row, before);
      if (link != (is_end ? row.ended_link : row.link)) {
        fault(row.id, found, say(row) + " was altered" + (is_end ? " in what came of it." : "."));
        return {};
      }
      if (found == chain_.last_number && link != chain_.last_link) break;
      if (!look_at_known(known, found, link)) return {};
      if (!is_end) ++out_.events;
      if (!is_end && chain_.id == kInstance && row.tool == kChainBegun) note_begun(row);
      before = link;
      last = row.id;
      number = found;
      (is_end ? ends : begins).pass(found);
    }
    // What was added since its row was read comes after it.
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
  bool expect(std::int64_t expected, std::int64_t found, const store::EventRow& row,
              const std::string& last) {
    if (found == expected) return true;
    if (found > expected) {
      missing(expected, found - 1, last, row.id);
    } else {
      fault(row.id, found, say(row) + " stands in the place of another.");
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
  bool look_at_known(const std::vector<Head>& known, std::int64_t number, const std::string& link) {
    for (const Head& head : known) {
      if (head.chain != chain_.id || head.number != number || head.link == link) continue;
      fault("", number,
            "Chain " + chain_.id + " is another than the one that was noted at " +
                std::to_string(number) + ".");
      return false;
    }
    return true;
  }
  void note_begun(const store::EventRow& row) {
    const auto begun = json::parse(row.begun);
    if (begun) begun_.emplace_back(begun->string_or("target", ""));
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

json::Value text_or_null(const std::string& text) {
  return text.empty() ? json::Value() : json::Value(text);
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
    const auto chains = rows.chains_after(last, kAtOnce);
    if (!chains) return std::unexpected(chains.error());
    if (chains->empty()) break;
    for (const store::ChainRow& chain : *chains) {
      last = chain.id;
      seen.push_back(chain.id);
      if (!environment_id.empty() && chain.id != environment_id) continue;
      if (auto done = ChainCheck(rows, vault, chain, out, begun).run(known); !done) {
        return std::unexpected(std::move(done.error()));
      }
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
