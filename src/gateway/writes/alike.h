// Records that are like another: the same values in the fields that tell them apart.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dialect/filter.h"
#include "gateway/call/bound.h"
#include "gateway/call/call.h"
#include "gateway/call/tool_error.h"
#include "gateway/sending/read_answer.h"
#include "integration/model.h"
#include "io/task.h"
#include "json/value.h"

namespace patchbay::gateway {

// Nobody means another text by its blanks or its case: outer ones gone, inner ones one, lower case.
std::string alike_text(std::string_view text);

// All texts at the path, as alike_text; also within the members of lists.
std::vector<std::string> texts_at(const json::Value& value, std::string_view path);

// What a record that is like another fulfils.
struct Likeness {
  std::vector<dialect::FilterTerm> terms;  // what its list is asked
  // Path → texts of which it has one: compared here, since a condition cannot.
  std::vector<std::pair<std::string, std::vector<std::string>>> compared;

  // Days, compared here as well: an API that is given none puts the time of the moment there.
  struct Day {
    std::string field;
    std::set<std::string> any_of;  // "2026-11-22"
    bool or_empty = false;         // a record without one is like it, too
  };
  std::vector<Day> days;

  // Its field equals this value: a text, a number, {"id": …}, or the id of what it names. One of
  // the type date is of the same day.
  void add_equal(const Call& call, const integration::Resource& resource, const std::string& field,
                 const json::Value& value);
  void add_empty(const Call& call, const integration::Resource& resource, const std::string& field);
  // `value`: a time; nothing: the day of the call.
  void add_day(const Call& call, const integration::Resource& resource, const std::string& field,
               const json::Value* value, bool or_empty);
  bool compares(const Call& call, const integration::Resource& resource,
                const json::Value& record) const;
};

// The newest records that its list gives for it, and that compare. `fields` empty: whole
// records. Nothing: they cannot be listed by a filter. Errors: the list failed.
io::Task<Outcome<std::optional<Records>>> list_alike(Call& call, const Prepared& prepared,
                                                     const integration::Resource& resource,
                                                     const Likeness& likeness,
                                                     std::vector<std::string> fields,
                                                     std::int64_t most);

}  // namespace patchbay::gateway
