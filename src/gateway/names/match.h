// Which record a name means: exactly that one, or none. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "json/value.h"

namespace patchbay::gateway {

// How names are compared, of an integration::Reference.
struct MatchRule {
  // Best first; each the fields whose values, joined by a space, are one name.
  std::vector<std::vector<std::string>> alternatives;
  std::string name_field;      // where a record's own name stands
  std::string inactive_field;  // "" if records have none

  // `match` empty: by name alone.
  static MatchRule of(const std::vector<std::string>& match, std::string_view name_field,
                      std::string_view inactive_field);
};

struct MatchOutcome {
  enum class Kind : std::uint8_t { one, none, several };
  Kind kind = Kind::none;
  std::vector<const json::Value*> found;  // what `several` are; in the order of the records
  bool exact = false;
  std::size_t alternative = 0;  // by which of them
  bool inactive = false;        // the one that was found is out of use
};

// Exact (without regard to case, by any alternative) before partial, records in use before those
// out of use. Never a guess: what is left after that must be one record.
MatchOutcome match(std::string_view wanted, const std::vector<json::Value>& records,
                   const MatchRule& rule);

// The record's name by one alternative; "" if it has none.
std::string name_by(const json::Value& record, const std::vector<std::string>& alternative);
// What to call a record: its name, or what comes nearest to one.
std::string label_of(const json::Value& record, const MatchRule& rule);
// The same with the short name beside it: "John Doe (jdoe)".
std::string long_label_of(const json::Value& record, const MatchRule& rule);

}  // namespace patchbay::gateway
