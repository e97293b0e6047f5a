// One reference of a call: where its candidates are, and which one a name means.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/call/call.h"
#include "gateway/call/names.h"
#include "gateway/call/tool_error.h"
#include "gateway/names/lookups.h"
#include "gateway/names/match.h"
#include "gateway/names/scopes.h"
#include "io/task.h"

namespace patchbay::gateway {

class ReferenceLookup {
 public:
  ReferenceLookup(Call& call, const integration::Argument& argument, ScopeValues scopes);

  // The record that the value (a name, an id, digits as text, or an object with one of them) means.
  // Errors with code invalid_argument are about the value; others are failed look-ups.
  io::Task<Outcome<Named>> resolve(json::Value value);
  // "it has: New, In Progress", nearest to `wanted` first; "" if there are none to name.
  io::Task<std::string> candidates(std::string wanted);

 private:
  // What a name was found to be.
  struct Found {
    std::shared_ptr<const Collection> all;  // all records, or the first of too many
    std::vector<json::Value> searched;      // of too many: those that have the name
    MatchOutcome outcome;                   // points into one of them
    bool remembered = false;                // some of it was known before the call began
  };
  io::Task<Outcome<Named>> by_id(json::Value id);
  io::Task<Outcome<Named>> by_name(std::string name);
  io::Task<Outcome<Found>> find(std::string name, Freshness freshness);
  // What may_ask_again() knows the question by.
  std::string memory_of(const std::string& name) const;
  // Whether what was remembered may not be relied on.
  bool must_ask_again(const Found& found, const std::string& name);
  // The same as one record of a filter, by its name where that can mean no other.
  Named settled(const Found& found) const;
  // Asks the upstream for records by name, where there are too many to have them all.
  io::Task<Outcome<std::vector<json::Value>>> search(std::string name, bool exact,
                                                     Freshness freshness);
  // Those that have a part of the name, of too many to have them all.
  io::Task<Outcome<std::vector<json::Value>>> similar(std::string name);
  io::Task<Outcome<std::shared_ptr<const Collection>>> all(
      Freshness freshness = Freshness::remembered);
  Named named(const json::Value& record) const;
  std::unexpected<ToolError> refuse(std::string message) const;
  std::string list_candidates(const std::vector<json::Value>& records,
                              const std::string& wanted) const;

  Call& call_;
  const integration::Argument& argument_;
  const integration::Reference& reference_;
  ScopeValues scopes_;
  const integration::Resource* resource_;  // null: the definition names one that is not there
  MatchRule rule_;
  bool remembered_ = false;  // whether an answer since the last find() began was a remembered one
};

}  // namespace patchbay::gateway
