// Which record a name means: exactly that one, or none. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "integration/model.h"
#include "json/value.h"

namespace patchbay::gateway {

// How names are compared, of an integration::Reference.
struct MatchRule {
  // Best first; each the fields whose values, joined by a space, are one name.
  std::vector<std::vector<std::string>> alternatives;
  std::string name_field;  // where a record's own name stands
  std::string id_field = "id";
  std::vector<integration::OutOfUse> out_of_use;
  std::string today;  // "2026-11-22", where the account is
  std::string now;    // "2026-11-22T15:04:05Z"

  // `match` empty: by name alone.
  static MatchRule of(const std::vector<std::string>& match, std::string_view name_field);
};

struct MatchOutcome {
  enum class Kind : std::uint8_t { one, none, several };
  Kind kind = Kind::none;
  std::vector<const json::Value*> found;  // what `several` are; in the order of the records
  bool exact = false;
  std::size_t alternative = 0;  // by which of them
  std::string out_of_use;       // what says so of the one that was found; "": it is in use
};

// Those that are called so, without regard to case, by any alternative; records in use before those
// out of use. Never a guess: what is left after that must be one record.
MatchOutcome match_exactly(std::string_view wanted, const std::vector<json::Value>& records,
                           const MatchRule& rule);
// The same of those whose name has it as a part.
MatchOutcome match_part(std::string_view wanted, const std::vector<json::Value>& records,
                        const MatchRule& rule);
// Exact before partial.
MatchOutcome match(std::string_view wanted, const std::vector<json::Value>& records,
                   const MatchRule& rule);
// Of records that are all meant: the one in use.
MatchOutcome match_any(const std::vector<json::Value>& records, const MatchRule& rule);

// What says that a record is out of use: "cancelledFlag", "endDate 2026-01-31". "": it is in use.
std::string why_out_of_use(const json::Value& record, const MatchRule& rule);

// The record's name by one alternative; "" if it has none.
std::string name_by(const json::Value& record, const std::vector<std::string>& alternative);
// What to call a record: its name, or what comes nearest to one.
std::string label_of(const json::Value& record, const MatchRule& rule);
// The same with the short name beside it: "John Doe (jdoe)".
std::string long_label_of(const json::Value& record, const MatchRule& rule);

}  // namespace patchbay::gateway
