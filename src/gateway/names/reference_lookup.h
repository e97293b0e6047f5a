// One reference of a call: which record a name, an id, or what else people know it by means.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/call/call.h"
#include "gateway/call/names.h"
#include "gateway/call/tool_error.h"
#include "gateway/names/candidates.h"
#include "gateway/names/lookups.h"
#include "gateway/names/match.h"
#include "gateway/names/said.h"
#include "gateway/names/scopes.h"
#include "io/task.h"

namespace patchbay::gateway {

class ReferenceLookup {
 public:
  // `check_ids`: whether an id that is given as a number must be that of a record.
  ReferenceLookup(Call& call, const integration::Argument& argument, ScopeValues scopes,
                  bool check_ids = false);

  // The record that the value means: a name, an id (digits as text are one), any form in which
  // records are printed (said.h), or what the definition says that they are known by. Errors with
  // code invalid_argument are about the value; others are failed look-ups.
  io::Task<Outcome<Named>> resolve(json::Value value);
  // What the caller should know of how the last value was taken; "" if there is nothing.
  const std::string& notice() const { return notice_; }
  // Why the last value was refused, beyond that there is nothing of it.
  enum class Refused : std::uint8_t { absent, several, out_of_use, nobody };
  Refused refused() const { return refused_; }
  // "it has: New, In Progress", nearest to `wanted` first; "" if there are none to name.
  io::Task<std::string> candidates(std::string wanted);

 private:
  // What a text was found to be.
  struct Found {
    std::shared_ptr<const Collection> all;  // all records, or the first of too many; may be null
    Gathered searched;                      // those that were asked for; may be null
    MatchOutcome outcome;                   // points into one of them
    bool by_id = false;                     // who gives an id means that record, in use or not
    std::optional<std::int64_t> untold;     // an id that cannot be looked up
    std::string refusal;                    // what the text says is not so
    bool remembered = false;                // some of it was known before the call began
  };
  io::Task<Outcome<Named>> by_id(json::Value id);
  bool keeps_to_narrowing_scopes() const;
  io::Task<Outcome<Named>> by_text(std::string text);
  // "me": the member whose the MCP server is.
  bool says_me(std::string_view text) const;
  io::Task<Outcome<Named>> by_me();
  io::Task<Outcome<Named>> refuse_unknown(Found found, std::string text);

  io::Task<Outcome<Found>> find(std::string text, Freshness freshness);
  // The ways to find what is nobody's very name; the first that has anything to say ends it.
  io::Task<Outcome<>> find_by_id(Found& found, std::int64_t id, std::string name,
                                 Freshness freshness);
  io::Task<Outcome<>> find_by_group(Found& found, std::string text, Freshness freshness);
  io::Task<Outcome<>> find_by_mark(Found& found, integration::FilterOperator op, std::string text,
                                   Freshness freshness);
  io::Task<Outcome<>> find_otherwise(Found& found, std::string text, Freshness freshness);
  io::Task<Outcome<>> find_part(Found& found, std::string text, Freshness freshness);
  io::Task<> match_all_searched(Found& found);
  static bool is_settled(const Found& found);

  // What may_ask_again() knows the question by.
  std::string memory_of(const std::string& name) const;
  // Whether what was remembered may not be relied on.
  bool must_ask_again(const Found& found, const std::string& name);
  // Whether a write means a record by memory that is out of use, gone, or called otherwise by now.
  // One read.
  io::Task<Outcome<bool>> is_outdated(const Found& found, std::string text);
  // What is told of a record that is meant by its id, although it is out of use.
  void tell_out_of_use(const json::Value& record, const std::string& why);
  // The same as one record of a filter, by its name where that can mean no other.
  io::Task<Named> settled(const Found& found) const;
  bool may_not_be_out_of_use() const;
  bool known_as(integration::FilterOperator op, std::string_view text) const;
  Named named(const json::Value& record) const;
  std::unexpected<ToolError> refuse(std::string message) const;
  // "; there are: …", of records that take so many bytes.
  io::Task<std::string> list_candidates(const std::vector<json::Value>& records, std::size_t bytes,
                                        std::string wanted) const;

  const MatchRule& rule() const { return candidates_.rule(); }
  const ScopeValues& scopes() const { return candidates_.scopes(); }

  Call& call_;
  const integration::Argument& argument_;
  const integration::Reference& reference_;
  Candidates candidates_;
  bool check_ids_;
  std::string notice_;
  Refused refused_ = Refused::absent;
};

}  // namespace patchbay::gateway
