// Where the records that a reference may mean are: all of them, or those that the API finds by a
// name, an id or what else is known of them.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "gateway/call/call.h"
#include "gateway/call/tool_error.h"
#include "gateway/names/lookups.h"
#include "gateway/names/match.h"
#include "gateway/names/scopes.h"
#include "io/task.h"

namespace patchbay::gateway {

// Records that were found by one question or several, in the order of their coming. Never null.
using Gathered = std::shared_ptr<Collection>;

class Candidates {
 public:
  // `reference` and `argument_name` must outlive it.
  Candidates(Call& call, const integration::Reference& reference, const std::string& argument_name,
             ScopeValues scopes);

  const MatchRule& rule() const { return rule_; }
  const ScopeValues& scopes() const { return scopes_; }

  // All of them; the first of too many.
  io::Task<Outcome<std::shared_ptr<const Collection>>> all(
      Freshness freshness = Freshness::remembered);

  // Of too many to have them all: those whose name it is, or has it as a part.
  io::Task<Outcome<Gathered>> named(std::string name, bool exact, Freshness freshness);
  // Those that have a part of the name.
  io::Task<Outcome<Gathered>> similar(std::string name);
  // Those that are known by it: an e-mail address, a phone number, a domain.
  io::Task<Outcome<Gathered>> known_as(integration::FilterOperator op, std::string text,
                                       Freshness freshness);

  // One by its id. Within required scopes, and in those that narrow where `narrowed`.
  struct ById {
    enum class Is : std::uint8_t { there, absent, untold };
    Is is = Is::untold;  // too many to have them all, and no way to ask for one
    json::Value record;
  };
  io::Task<Outcome<ById>> with_id(std::int64_t id, bool narrowed, Freshness freshness);

  // Whether something since the last forget_memory() was known before the call began.
  bool remembered() const { return remembered_; }
  void forget_memory() { remembered_ = false; }

 private:
  std::vector<std::string> fields() const;
  ScopeValues required_scopes() const;
  io::Task<Outcome<std::shared_ptr<const Collection>>> ask(LookupQuery query, Freshness freshness);
  // By the list's own search for a part of a name.
  io::Task<Outcome<Gathered>> searched(std::string name, Freshness freshness);
  // Of an API with a filter language: adds those of the answer that are not among `found` yet.
  io::Task<Outcome<>> gather(const std::vector<dialect::FilterTerm>& question, Freshness freshness,
                             Collection& found);

  Call& call_;
  const integration::Reference& reference_;
  const std::string& argument_name_;
  ScopeValues scopes_;
  const integration::Resource* resource_;  // null: the definition names one that is not there
  MatchRule rule_;
  bool remembered_ = false;
};

}  // namespace patchbay::gateway
