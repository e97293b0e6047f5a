// The forms in which a record is named beside its bare name: with its short name, its id or both,
// as answers, candidates and errors print them, and as the API writes references. What is printed
// is taken again. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/names/match.h"
#include "integration/model.h"
#include "json/value.h"

namespace patchbay::gateway {

// What stands before a text's last group in parentheses, and in it.
struct Grouped {
  std::string_view before;         // "Acme Corp"
  std::string_view within;         // "acme", "id 250", "250"
  std::optional<std::int64_t> id;  // of "id 250" and "250"
  bool says_id = false;            // "id 250": it can be nothing else
};
std::optional<Grouped> split_group(std::string_view text);

// What stands within a pair of quotes around the whole of it; else the text itself. Messages print
// names in quotes.
std::string_view unquoted(std::string_view text);

// Whether all that the text says holds of the record: its name, its short name, its id.
bool agrees(const json::Value& record, std::string_view text, const MatchRule& rule);

// "John Doe (jdoe)"; with the id where the text alone could mean another record or is cut, and what
// a reader must know of one that is out of use: "Old Desk (id 3, out of use)".
std::string print_record(const json::Value& record, const MatchRule& rule, bool with_id);
// Several, each so that it means no other of them.
std::vector<std::string> print_records(const std::vector<json::Value>& records,
                                       const MatchRule& rule);

// {"id": 7, "name": "New"}, as the API itself writes references, in the printed form: both must
// then agree. An id alone stays as it is. Null: it says nothing.
json::Value said_by_object(const json::Object& object, const integration::Argument& argument,
                           const integration::Integration& integration);

}  // namespace patchbay::gateway
